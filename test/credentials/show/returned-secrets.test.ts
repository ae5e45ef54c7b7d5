import { describe, expect, test } from 'vitest'
import { holdsSecret, maskReturned } from '../../../src/credentials/show/returned-secrets.ts'

const SENT = [
  { name: 'pod', value: 'pod-FAKE?/key=1' },
  { name: 'short', value: 'abcde' },
  { name: 'least', value: 'sixsix' },
]

/** `pod-FAKE?/key=1` in base64, in base64 for URLs, and percent-encoded. */
const BASE64 = 'cG9kLUZBS0U/L2tleT0x'
const BASE64_URL = 'cG9kLUZBS0U_L2tleT0x'
const ENCODED = 'pod-FAKE%3F%2Fkey%3D1'

describe('what comes back', () => {
  test.each([
    ['as it is', 'a pod-FAKE?/key=1 b', 'a *** b'],
    ['percent-encoded', `https://a.example/?k=${ENCODED}&b`, 'https://a.example/?k=***&b'],
    ['in base64', `Basic ${BASE64}`, 'Basic ***'],
    ['in base64 for URLs', `x.${BASE64_URL}.y`, 'x.***.y'],
    ['percent-encoded in small letters', '/?k=pod-FAKE%3f%2fkey%3d1', '/?k=***'],
    [
      'percent-encoded twice',
      '/in?to=%2F%3Fk%3Dpod-FAKE%253F%252Fkey%253D1',
      '/in?to=%2F%3Fk%3D***',
    ],
    ['with letters percent-encoded', '%70od-FAKE%3F/k%65y=1', '***'],
    ['escaped as in JSON', '{"k":"pod-FAKE?\\/key\\u003d1"}', '{"k":"***"}'],
    ['in base64 behind one byte', `x=${btoa(':pod-FAKE?/key=1')}.`, 'x=O***==.'],
    ['in base64 behind two bytes', `x=${btoa('u:pod-FAKE?/key=1')}.`, 'x=dT***=.'],
    ['in base64 before others', `x=${btoa('pod-FAKE?/key=1:')}.`, 'x=***g==.'],
    ['twice', 'pod-FAKE?/key=1 pod-FAKE?/key=1', '*** ***'],
    ['in base64 with padding', 'c2l4c2l4 sixsix', '*** ***'],
    ['of six characters', 'sixsixsix', '***six'],
    ['of five characters', 'abcde', 'abcde'],
    ['its beginning alone', 'pod-FAKE?/key=', 'pod-FAKE?/key='],
  ])('%s', (_, text, shown) => {
    expect(maskReturned(['X-A', 'kept', 'X-B', text], SENT, () => undefined)).toEqual([
      'X-A',
      'kept',
      'X-B',
      shown,
    ])
  })

  test('without the padding of base64, which others leave out', () => {
    const sent = [{ name: 'odd', value: 'odd-FAKE' }]
    expect(maskReturned(['a', 'b2RkLUZBS0U', 'b', 'b2RkLUZBS0U='], sent, () => {})).toEqual([
      'a',
      '***',
      'b',
      '***=',
    ])
  })

  test('is told with the field and the name of the secret, once for each', () => {
    const told: string[] = []
    const fields = ['A', 'sixsix', 'B', 'sixsix pod-FAKE?/key=1', 'C', 'x']
    maskReturned(fields, SENT, (field, secret) => told.push(`${field} ${secret}`))
    expect(told).toEqual(['B pod', 'A least', 'B least'])
    expect(fields).toEqual(['A', 'sixsix', 'B', 'sixsix pod-FAKE?/key=1', 'C', 'x'])
  })

  test('as the name of a field, or a part of it, takes the field out', () => {
    const told: string[] = []
    const fields = ['A', '1', 'X-key-FAKE-0123', '2', 'key-FAKE-0123', 'key-FAKE-0123', 'B', '3']
    const sent = [{ name: 'key', value: 'key-FAKE-0123' }]
    expect(maskReturned(fields, sent, (field) => told.push(field))).toEqual(['A', '1', 'B', '3'])
    expect(told).toEqual(["a field's name"])
  })

  test('gives the same list where there is nothing, and leaves names alone', () => {
    const fields = ['sixsix', 'x']
    expect(maskReturned(fields, SENT, () => undefined)).toBe(fields)
  })
})

test.each([
  ['Not pod-FAKE?/key=1', true],
  [`Not ${ENCODED}`, true],
  [BASE64, true],
  ['sixsix', true],
  ['abcde', false],
  ['Not Found', false],
])('a reason phrase %j holds one: %s', (text, isHeld) => {
  expect(holdsSecret(text, SENT)).toBe(isHeld)
})
