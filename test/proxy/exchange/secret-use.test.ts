import { expect, test } from 'vitest'
import { SecretUse } from '../../../src/proxy/exchange/secret-use.ts'
import type { Decision, Forward } from '../../../src/routing/decide/decision.ts'
import type { NoteSecrets, SecretEvent } from '../../../src/routing/secret-notes.ts'

const SECRETS = [
  { name: 'one', value: 'FAKE-1' },
  { name: 'one', value: 'FAKE-1' },
  { name: 'two', value: 'FAKE-2' },
]

const WHO = { client: { name: 'ci' }, clientIp: '10.0.0.1', route: 'r', rule: 'n' }

const forward = (secrets: readonly object[] = SECRETS): Forward =>
  ({
    ...WHO,
    action: 'forward',
    secrets,
    upstream: { config: { name: 'up' }, host: 'api.example.com', builtin: null },
  }) as unknown as Forward

const rejection = (names: readonly string[], upstream: object | null = null): Decision =>
  ({
    ...WHO,
    client: null,
    rule: null,
    action: 'reject',
    spared: { names, upstream },
  }) as unknown as Decision

/** What is noted; `answer` says whether it can be. */
function noting(answer: true | Promise<boolean> = true) {
  const events: SecretEvent[][] = []
  const note: NoteSecrets = (some) => {
    events.push([...some])
    return answer
  }
  return { events, use: new SecretUse('id-1', note) }
}

const USED = {
  outcome: 'used',
  upstream: 'up',
  host: 'api.example.com',
  client: 'ci',
  address: '10.0.0.1',
  route: 'r',
  rule: 'n',
  id: 'id-1',
  code: null,
}

test('each secret that leaves is noted once, by its name', () => {
  const { events, use } = noting()
  expect(use.begin(forward(), 'api.example.com')).toBe(true)
  expect(events).toEqual([
    [
      { ...USED, secret: 'one', value: 'FAKE-1' },
      { ...USED, secret: 'two', value: 'FAKE-2' },
    ],
  ])
  use.end(forward(), 'upstream_failed')
  expect(events).toHaveLength(1)
})

test('where none leaves nothing is noted, nor when it is over', () => {
  const { events, use } = noting()
  expect(use.begin(forward([]), 'api.example.com')).toBe(true)
  use.end(forward([]), 'upstream_failed')
  expect(events).toEqual([])
})

test('secrets of a request that was answered before it left were refused', () => {
  const { events, use } = noting()
  use.end(forward(), 'upstream_overloaded')
  const refused = { ...USED, outcome: 'refused', code: 'upstream_overloaded' }
  expect(events).toEqual([
    [
      { ...refused, secret: 'one', value: 'FAKE-1' },
      { ...refused, secret: 'two', value: 'FAKE-2' },
    ],
  ])
  use.end(forward(), 'upstream_overloaded')
  expect(events).toHaveLength(1)
})

test('a decision that refuses names what it spared, and read none of it', () => {
  const refused = {
    ...USED,
    outcome: 'refused',
    client: null,
    rule: null,
    code: 'credential_refused',
    value: null,
  }
  const { events, use } = noting()
  const up = { config: { name: 'up' }, host: 'echo', builtin: 'echo' }
  use.end(rejection(['one', 'two'], up), 'credential_refused')
  expect(events).toEqual([
    [
      { ...refused, secret: 'one', host: 'builtin:echo' },
      { ...refused, secret: 'two', host: 'builtin:echo' },
    ],
  ])
  const other = noting()
  other.use.end(rejection(['one']), 'credential_refused')
  expect(other.events).toEqual([[{ ...refused, secret: 'one', upstream: null, host: null }]])
  const none = noting()
  none.use.end(rejection([]), 'credential_refused')
  expect(none.events).toEqual([])
})

test.each([null, 'client_left', 'cut_by_drain'])('an end by %s refuses nothing', (code) => {
  const { events, use } = noting()
  use.end(forward(), code)
  expect(events).toEqual([])
})

test('a request about which nothing was decided has no secrets', () => {
  const { events, use } = noting()
  use.end(null, 'bad_message')
  expect(events).toEqual([])
})

test.each([
  { noted: true, refusals: 0 },
  { noted: false, refusals: 1 },
])('what can be noted ($noted) is told of $refusals times more', async ({ noted, refusals }) => {
  const { events, use } = noting(Promise.resolve(noted))
  expect(await use.begin(forward(), 'api.example.com')).toBe(noted)
  use.end(forward(), 'audit_unavailable')
  expect(events).toHaveLength(1 + refusals)
})
