import { expect, test } from 'vitest'
import { runCommand } from '../../src/commands/run-command.ts'

async function explain(...args: string[]): Promise<string> {
  let stdout = ''
  await runCommand(['explain', '--config', 'config/routes.yaml', ...args], {
    stdout: (text) => {
      stdout += text
    },
    stderr: () => undefined,
    env: {},
    cwd: process.cwd(),
  })
  return stdout
}

test.each([
  {
    name: 'no route: nobody looked for a credential',
    args: ['-H', 'authorization: Bearer sk-ant-api03-FAKE', '/v1/messages'],
    credential: 'looked for when a route matches',
    answer: '404 no_route: No route matches this request.',
  },
  {
    name: 'two credentials: the first of them is named',
    args: [
      ...['-H', 'authorization: Bearer sk-ant-api03-FAKE'],
      ...['-H', 'x-api-key: sk-ant-api03-FAKE2', '/anthropic/v1/messages'],
    ],
    credential: expect.stringMatching(
      /^anthropic-api-key [0-9a-f]{8}, in authorization under the scheme bearer$/,
    ),
    answer: '400 credential_conflict: Two different credentials were sent; send one.',
  },
  {
    name: 'none sent',
    args: ['/echo/hello'],
    credential: 'none',
    answer: undefined,
  },
])('$name', async ({ args, credential, answer }) => {
  const text = await explain(...args)
  expect(/^credential +(.*)$/m.exec(text)?.[1]).toEqual(credential)
  expect(/^answer +(.*)$/m.exec(text)?.[1]).toEqual(answer)
})
