import { expect, test } from 'vitest'
import type { Forward } from '../../../src/routing/decide/decision.ts'
import { withoutRequest } from '../../../src/routing/decide/without-request.ts'

const KEY = 'sk-ant-api03-TEST'

/** A decision whose request holds a key wherever one may stand. */
const FORWARD = {
  action: 'forward',
  route: 'anthropic',
  rule: 'api-key',
  branch: 'then',
  upstream: { config: { name: 'anthropic' } },
  balanceKey: KEY,
  fallbacks: [{ upstream: 'other', on: [], decide: () => KEY }],
  target: `/v1/messages?key=${KEY}`,
  headers: ['x-api-key', KEY],
  subprotocol: null,
  editResponse: () => [KEY],
  editOwn: () => undefined,
  charges: [{ key: KEY }],
  errors: 'anthropic',
  credentialKind: 'anthropic-api-key',
  client: { name: 'ci', isCounted: true },
  secret: { name: 'key', value: KEY },
  secrets: [{ name: 'key', value: KEY }],
  clientIp: '127.0.0.1',
} as unknown as Forward

test('a decision without its request says what was decided, and holds nothing of what came or left', () => {
  const told = withoutRequest(FORWARD)
  expect(told).toMatchObject({
    action: 'forward',
    route: 'anthropic',
    rule: 'api-key',
    branch: 'then',
    upstream: { config: { name: 'anthropic' } },
    errors: 'anthropic',
    credentialKind: 'anthropic-api-key',
    client: { name: 'ci', isCounted: true },
    clientIp: '127.0.0.1',
  })
  expect(JSON.stringify(told)).not.toContain(KEY)
  expect(told.editResponse(['a', 'b'])).toEqual(['a', 'b'])
})
