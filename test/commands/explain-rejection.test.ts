import { expect, test } from 'vitest'
import { runExplain } from './run-explain.ts'

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
    answer:
      '400 credential_conflict: Two different credentials were sent, one in the header authorization, one in the header x-api-key; send one.',
  },
  {
    name: 'none sent',
    args: ['/echo/hello'],
    credential: 'none',
    answer: undefined,
  },
])('$name', async ({ args, credential, answer }) => {
  const text = await runExplain('config/routes.yaml', ...args)
  expect(/^credential +(.*)$/m.exec(text)?.[1]).toEqual(credential)
  expect(/^answer +(.*)$/m.exec(text)?.[1]).toEqual(answer)
})
