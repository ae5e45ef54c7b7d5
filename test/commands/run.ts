import { runCommand } from '../../src/commands/run-command.ts'

/** What came of a command. */
export interface CommandOutcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command of Keyway's in this process. */
export async function run(
  args: readonly string[],
  {
    cwd = process.cwd(),
    env = {},
    input = '',
  }: { cwd?: string; env?: Record<string, string>; input?: string } = {},
): Promise<CommandOutcome> {
  const out = { stdout: '', stderr: '' }
  const code = await runCommand(args, {
    stdout: (text) => {
      out.stdout += text
    },
    stderr: (text) => {
      out.stderr += text
    },
    input: () => Buffer.from(input),
    env,
    cwd,
  })
  return { code, ...out }
}
