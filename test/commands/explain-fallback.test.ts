import { expect, test } from 'vitest'
import { runExplain } from './run-explain.ts'

const explain = (...args: string[]): Promise<string> =>
  runExplain('config/examples/fallback.yaml', ...args, '/anthropic/v1/messages')

const KEY = ['-H', 'authorization: Bearer sk-ant-api03-FAKE']

test('explain says where a request would go if its upstream failed, and what is missing there', async () => {
  expect(await explain(...KEY)).toMatch(
    /^fallback +on connect, timeout, 5xx, 429: openrouter, where it would be refused: secret_unavailable$/m,
  )
})

test('explain says so as data', async () => {
  const { decision } = JSON.parse(await explain('--format', 'json', ...KEY))
  expect(decision.upstream.targets).toEqual(['https://api.anthropic.com'])
  expect(decision.fallbacks).toEqual([
    {
      upstream: 'openrouter',
      on: ['connect', 'timeout', '5xx', '429'],
      refused: 'secret_unavailable',
    },
  ])
})
