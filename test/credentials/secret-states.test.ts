import { expect, test } from 'vitest'
import { createSecretStates } from '../../src/credentials/secrets/secret-states.ts'
import { tokenExpiry } from '../../src/credentials/secrets/token-expiry.ts'

test('a state lasts until it changes, whoever notes it again', () => {
  let time = Date.UTC(2030, 0, 1)
  const states = createSecretStates(() => time)
  const note = (reason: string | null): string | null => {
    states.note('file a', reason)
    time += 1_000
    return states.since('file a')
  }
  expect(states.since('file a')).toBeNull()
  expect([note(null), note(null), note('its file is missing'), note('it is empty')]).toEqual([
    '2030-01-01T00:00:00.000Z',
    '2030-01-01T00:00:00.000Z',
    '2030-01-01T00:00:02.000Z',
    '2030-01-01T00:00:03.000Z',
  ])
})

const jwt = (payload: string): string =>
  `eyJhbGciOiJub25lIn0.${Buffer.from(payload).toString('base64url')}.TEST`

test.each([
  ['a JWT', jwt('{"exp":1893456000}'), '2030-01-01T00:00:00.000Z'],
  ['one that does not say', jwt('{"sub":"a"}'), null],
  ['one that says a word', jwt('{"exp":"never"}'), null],
  ['one beyond all time', jwt('{"exp":1e300}'), null],
  ['one of nothing', jwt('null'), null],
  ['what looks like one', 'a.b.c', null],
  ['a key', 'sk-proj-FAKE', null],
  ['nothing', '', null],
])('%s ends at its own time', (_, token, expiry) => {
  expect(tokenExpiry(token)).toBe(expiry)
})
