import fc from 'fast-check'

/** A request as a client may send it, with credentials of many kinds in whatever place and clothing. */
export interface WrittenRequest {
  readonly target: string
  readonly headers: readonly string[]
}

const PREFIXES = [
  'sk-ant-api03-',
  'sk-ant-oat01-',
  'sk-ant-ort01-',
  'sk-ant-admin01-',
  'sk-proj-',
  'sk-admin-',
  'sk-',
  'gsk_',
  'AIza',
  'ya29.',
  'hf_',
  'ghp_',
  'ghr_',
  'xai-',
  '1//0',
]

/** The token that a client may show. */
export const CLIENT_TOKEN = 'client:alice'

/** A credential of a known kind; all are fake. */
export const key: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...PREFIXES), fc.stringMatching(/^[A-Za-z0-9]{12,20}$/))
  .map(([prefix, rest]) => `${prefix}FAKE1${rest}`)

const word = fc.constantFrom('a', 'gzip', 'realtime', 'sk-SK', 'en;q=0.8', 'hf_hub/0.2', '1', '')
const scheme = fc.constantFrom(
  'Bearer',
  'bEaReR',
  'bAsIc',
  'Token',
  'ApiKey',
  'Basic',
  'Digest',
  'Chicken',
)
const separator = fc.constantFrom(' ', ',', ', ', ';', '; ', '\t', '"', '=', '/', '|')

const percent = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** What a field may hold: keys, words, and all that people wrap and join them with. */
const value: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 5, arbitrary: key },
    { weight: 2, arbitrary: word },
    fc.constant(CLIENT_TOKEN),
    fc.tuple(scheme, tie('value')).map(([first, rest]) => `${first} ${rest}`),
    fc.tuple(tie('value'), separator, tie('value')).map((parts) => parts.join('')),
    tie('value').map((inner) => `"${inner}"`),
    tie('value').map(encodeURIComponent),
    tie('value').map(percent),
    tie('value').map((inner) => btoa(inner)),
    tie('value').map((inner) => Buffer.from(inner).toString('base64url')),
    fc
      .tuple(tie('value'), tie('value'))
      .map(([user, password]) => `baSic ${btoa(`${user.replaceAll(':', '')}:${password}`)}`),
    tie('value').map((inner) => `Token token="${inner}", email="a@b.example"`),
    tie('value').map((inner) => `Digest username="a", response="${inner}"`),
  ),
})).value

const cookies = fc
  .array(fc.tuple(fc.constantFrom('a', 'session', 'sessionKey', 'key'), value), { maxLength: 3 })
  .map((pairs) => pairs.map(([name, one]) => `${name}=${one}`).join('; '))

const subprotocols = fc
  .array(
    fc.oneof(
      fc.constantFrom('realtime', 'token', 'bearer', 'chat'),
      key,
      key.map((one) => `openai-insecure-api-key.${one}`),
      key.map((one) => `cf-aig-authorization.${one}`),
      key.map((one) => btoa(one).replace(/=+$/, '')),
    ),
    { maxLength: 4 },
  )
  .map((words) => words.join(', '))

const field = fc.oneof(
  fc.tuple(
    fc.constantFrom(
      'Authorization',
      'X-Api-Key',
      'api-key',
      'x-goog-api-key',
      'xi-api-key',
      'x-own-key',
      'cf-aig-authorization',
      'x-keyway-token',
    ),
    value,
  ),
  fc.tuple(fc.constantFrom('x-team', 'x-echo', 'referer', 'user-agent', 'X-Request-Id'), value),
  fc.tuple(fc.constantFrom('cookie', 'Cookie'), cookies),
  fc.tuple(fc.constant('Sec-WebSocket-Protocol'), subprotocols),
)

/** Bytes that no parser would let through are no case. */
const isSendable = (text: string): boolean => !/[^\t\x20-\x7e]/.test(text)

const parameter = fc
  .tuple(
    fc.constantFrom('key', 'api_key', 'access_token', 'token', 'q', 'next', 'beta', 'own'),
    fc.oneof(key, key.map(percent), word, value),
  )
  .map(([name, one]) => `${name}=${encodeURIComponent(one)}`)

const target = fc
  .tuple(
    fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom('v1', 'a', 'models') }, key), {
      maxLength: 3,
    }),
    fc.array(parameter, { maxLength: 3 }),
  )
  .map(([segments, parameters]) => {
    const path = `/${segments.map(encodeURIComponent).join('/')}`
    return parameters.length === 0 ? path : `${path}?${parameters.join('&')}`
  })

/** What a client beyond reproach sends: one credential, and fields of other things. */
const plain = fc
  .tuple(
    fc.constantFrom('Authorization', 'X-Api-Key', 'api-key', 'x-own-key'),
    fc.constantFrom('Bearer ', 'Token ', ''),
    fc.constantFrom('sk-proj-', 'sk-ant-api03-', 'gsk_', 'opaque-'),
    fc.stringMatching(/^[A-Za-z0-9]{12,20}$/),
    fc.array(
      fc
        .tuple(fc.constantFrom('x-team', 'x-echo', 'accept'), word)
        .map(([name, one]) => [name, one || 'x']),
    ),
  )
  .map(([name, before, prefix, rest, others]) => ({
    target: '/v1/models?beta=true',
    headers: [name, `${before}${prefix}FAKE1${rest}`, ...others.flat()],
  }))

const wild = fc.tuple(target, fc.array(field, { maxLength: 4 })).map(([path, fields]) => ({
  target: path,
  headers: fields.filter(([, one]) => isSendable(one)).flat(),
}))

/** Requests; half of them show the client's token where it belongs. */
export const request: fc.Arbitrary<WrittenRequest> = fc
  .tuple(fc.oneof({ weight: 1, arbitrary: plain }, { weight: 2, arbitrary: wild }), fc.boolean())
  .map(([one, isKnown]) => ({
    ...one,
    headers: [...one.headers, ...(isKnown ? ['x-keyway-token', CLIENT_TOKEN] : [])],
  }))
