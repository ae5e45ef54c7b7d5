import { describe, expect, test } from 'vitest'
import { createKindScanner } from '../../../src/config/naming/kind-scanner.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'
import { createClassifier } from '../../../src/credentials/classify.ts'
import { createRedactor, type Redactor } from '../../../src/credentials/show/redact.ts'

const KEY = 'sk-ant-api03-FAKE+key/1=='
const OTHER = 'sk-ant-api03-FAKE+key/1==longer'
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJURVNUIn0.c2lnbmF0dXJlVEVTVA'

const redactor = (): Redactor => createRedactor(createClassifier(loadCatalogue().kinds))

/** Fingerprints are keyed anew each time. */
const stable = (text: string): string => text.replaceAll(/ [0-9a-f]{4,}>/g, ' …>')

describe('what was hidden', () => {
  const texts = [
    { name: 'stands as its kind', text: `a ${KEY} b`, shown: 'a <anthropic-api-key …> b' },
    {
      name: 'wherever it stands',
      text: `${KEY}${KEY}`,
      shown: '<anthropic-api-key …><anthropic-api-key …>',
    },
    {
      name: 'percent-encoded too',
      text: `?key=${encodeURIComponent(KEY)}&a=1`,
      shown: '?key=<anthropic-api-key …>&a=1',
    },
    {
      name: 'whole, where another is its beginning',
      text: `${OTHER} ${KEY}`,
      shown: '<anthropic-api-key …> <anthropic-api-key …>',
    },
    { name: 'and nothing else', text: 'sk-ant-api03 FAKE', shown: 'sk-ant-api03 FAKE' },
  ]

  test.each(texts)('$name', ({ text, shown }) => {
    const { hide, redact } = redactor()
    hide(KEY)
    hide(OTHER)
    expect(stable(redact(text))).toBe(shown)
  })

  test('is told from others by its fingerprint, which is its own in one run alone', () => {
    const one = redactor()
    one.hide(KEY)
    one.hide(OTHER)
    const [first, second] = one.redact(`${KEY}|${OTHER}`).split('|')
    expect(first).not.toBe(second)
    expect(first).toBe(`<anthropic-api-key ${one.fingerprint(KEY)}>`)
    expect(redactor().fingerprint(KEY)).not.toBe(one.fingerprint(KEY))
  })

  test('is not what is too short to be a secret', () => {
    const { hide, redact } = redactor()
    hide('abc')
    hide('')
    expect(redact('abc abcd')).toBe('abc abcd')
  })
})

describe("a request's secrets", () => {
  const fields: { name: string; headers: string[]; hidden: string[]; kept?: string[] }[] = [
    { name: 'x-api-key', headers: ['X-Api-Key', KEY], hidden: [KEY] },
    {
      name: 'a token behind its scheme',
      headers: ['Authorization', `Bearer ${KEY}`],
      hidden: [KEY],
      kept: ['Bearer'],
    },
    { name: 'a token without a scheme', headers: ['authorization', JWT], hidden: [JWT] },
    { name: 'Basic', headers: ['Authorization', 'Basic dTpwLVRFU1Q='], hidden: ['dTpwLVRFU1Q='] },
    {
      name: 'a parameter of a scheme',
      headers: ['Authorization', 'Digest username="u", response="0123456789TEST"'],
      hidden: ['0123456789TEST'],
    },
    {
      name: 'every cookie',
      headers: ['Cookie', `theme=dark; sessionKey=${KEY}; other="${JWT}"`],
      hidden: [KEY, JWT, 'dark'],
    },
    { name: 'a lone cookie', headers: ['cookie', `session=${JWT}`], hidden: [JWT] },
    { name: 'Set-Cookie', headers: ['Set-Cookie', `id=${JWT}; Path=/; Secure`], hidden: [JWT] },
    { name: 'the proxy’s', headers: ['Proxy-Authorization', `Bearer ${JWT}`], hidden: [JWT] },
    { name: 'a header that was named', headers: ['X-Mine', 'mine-TEST'], hidden: ['mine-TEST'] },
    { name: 'no other field', headers: ['Accept', 'text/html'], hidden: [], kept: ['text/html'] },
  ]

  test.each(fields)('$name', ({ headers, hidden, kept = [] }) => {
    const { hideRequest, redact } = redactor()
    hideRequest(headers, ['x-mine'])
    const shown = redact([...hidden, ...kept].join(' | '))
    for (const value of hidden) expect(shown).not.toContain(value)
    for (const value of kept) expect(shown).toContain(value)
  })
})

describe('what stands in places', () => {
  const places = [
    { in: 'header', name: 'x-mine' },
    { in: 'query', name: 'key' },
    { in: 'cookie', name: 'session' },
  ] as const
  const request = {
    target: '/x?key=query-TEST&other=kept-TEST',
    headers: [
      'X-Mine',
      'Bearer mine-TEST',
      'Cookie',
      'session=cookie-TEST; b=beside-TEST',
      'X',
      'y-TEST',
    ],
  }

  test('is hidden, a scheme is not, and nothing beside it', () => {
    const { hidePlaces, redact } = redactor()
    hidePlaces(request, places)
    expect(stable(redact('Bearer mine-TEST query-TEST cookie-TEST'))).toBe(
      'Bearer <unknown …> <unknown …> <unknown …>',
    )
    expect(redact('kept-TEST beside-TEST y-TEST')).toBe('kept-TEST beside-TEST y-TEST')
  })

  test('is hidden whole, where a value with a scheme stands in the query', () => {
    const { hidePlaces, redact } = redactor()
    hidePlaces({ target: '/x?key=Bearer%20query-TEST', headers: [] }, places)
    expect(stable(redact('query-TEST, Bearer query-TEST'))).toBe('query-TEST, <unknown …>')
  })
})

test('a field with white space around its value is hidden without it', () => {
  const { hideRequest, redact } = redactor()
  hideRequest(['Authorization', `  Bearer   ${JWT}  `], [])
  expect(stable(redact(`Bearer ${JWT}`))).toBe('Bearer <jwt …>')
})

test('a lone scheme is hidden: it stands where a secret does', () => {
  const { hideRequest, redact } = redactor()
  hideRequest(['Authorization', 'Bearer'], [])
  expect(stable(redact('Bearer'))).toBe('<unknown …>')
})

test('with a scanner it hides what nobody has told it of, under the same fingerprint', () => {
  const { kinds } = loadCatalogue()
  const { redact, fingerprint } = createRedactor(createClassifier(kinds), createKindScanner(kinds))
  const key = 'sk-ant-api03-FAKE1234'
  expect(redact(`a ${key} b`)).toBe(`a <anthropic-api-key ${fingerprint(key)}> b`)
  expect(redactor().redact(`a ${key} b`)).toBe(`a ${key} b`)
})
