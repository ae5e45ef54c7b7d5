import { runCommand } from '../../src/commands/run-command.ts'

/** What `keyway explain` prints about a request by a file of this project. */
export async function runExplain(file: string, ...args: string[]): Promise<string> {
  let stdout = ''
  await runCommand(['explain', '--config', file, ...args], {
    stdout: (text) => {
      stdout += text
    },
    stderr: () => undefined,
    env: {},
    cwd: process.cwd(),
  })
  return stdout
}
