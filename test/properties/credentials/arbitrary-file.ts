import fc from 'fast-check'

/** A configuration as its author writes it, with templates wherever one may stand. */
export type WrittenFile = Readonly<Record<string, unknown>>

/** What the secrets of the generated files are: one that can be named, and one that can't. */
export const SECRETS: Readonly<Record<string, string>> = {
  own: 'sk-proj-FAKEoperator12345',
  plain: 'operator-FAKE-secret',
}

const upstream = fc.oneof(
  fc
    .subarray(
      [
        'openai',
        'openai-legacy',
        'anthropic-api-key',
        'anthropic-oauth',
        'groq',
        'github',
        'unknown',
      ],
      { minLength: 1 },
    )
    .map((accepts) => ({ url: 'https://up.example', accepts })),
  fc.constant({ url: 'https://any.example/base' }),
  fc
    .constantFrom('openai', 'anthropic', 'gemini', 'deepgram', 'mistral', 'xai', 'elevenlabs')
    .map((provider) => ({ provider })),
  fc.constant({ provider: 'azure-openai', url: 'https://azure.example' }),
)

const place = fc.constantFrom(
  'x-api-key',
  'authorization bearer',
  'authorization token',
  'x-own-key',
  'query key',
  'query own',
  'cookie session',
  'subprotocol own.*',
  'subprotocol token *',
)

const use = fc.oneof(
  { weight: 2, arbitrary: place },
  fc.constant('none'),
  fc
    .constantFrom('own', 'plain')
    .map((name) => ({ header: 'x-api-key', value: `\${secret.${name}}` })),
  fc.constantFrom('${credential}', '${secret.own}', 'k-${request.header.x-team}').map((value) => ({
    header: 'authorization',
    scheme: 'Bearer',
    value,
  })),
  fc.constant({ query: 'key', value: '${secret.plain}' }),
  fc.constantFrom('${credential}', '${secret.own}').map((password) => ({
    basic: { user: 'x-access-token', password },
  })),
  fc.constant({ header: 'x-own-key', value: '${request.header.x-api-key}' }),
)

const template = fc.constantFrom(
  '${request.header.x-team}',
  '${request.header.x-echo} ${request.id}',
  '${capture.tenant}',
  '${capture.word}',
  '${client.name}',
  '${secret.own}',
  '${secret.plain}',
  'plain',
)

const operations = fc.oneof(
  template.map((text) => ({ set: { 'x-out': text } })),
  template.map((text) => ({ add: { 'x-team': text }, remove: ['x-echo'] })),
  template.map((text) => ({ append: { 'x-echo': text } })),
  fc.constant({ rename: { 'x-team': 'x-renamed' } }),
)

const rewrite = fc.oneof(
  template.map((text) => ({ query: { set: { out: text } } })),
  fc.constant({ path: '/t/${capture.tenant}/${request.header.x-team}' }),
  fc.constant({ query: { remove: ['q'] } }),
)

const also = fc.constantFrom(
  'cf-aig-authorization',
  { header: 'x-gateway', value: '${secret.plain}' },
  { query: 'gateway', value: '${secret.own}' },
)

const condition = fc.constantFrom(
  { credential: { matches: '^sk-(?<word>[a-z]+)-' } },
  { credential: { kind: ['openai', 'anthropic-oauth'] } },
  { credential: { scheme: 'basic' } },
  { header: { 'x-team': { matches: '(?<word>.*)' } } },
  { credential: { present: true } },
)

const action = fc.record({ use, request: operations, rewrite, also }, { requiredKeys: [] })

const rule = fc.tuple(condition, action, fc.boolean()).map(([when, then, isContinued]) => ({
  if: when,
  use: 'x-api-key',
  ...then,
  ...(isContinued && { continue: true }),
}))

const route = fc.record(
  {
    name: fc.constant('all'),
    match: fc.constantFrom({ path: '/*' }, { path: '/:tenant/*' }),
    upstream: fc.constant('up'),
    credential: fc.constantFrom(
      { from: ['x-own-key', 'authorization'] },
      { from: ['query own', 'cookie session', 'subprotocol own.*', 'authorization'] },
      { conflict: 'first' },
    ),
    rules: fc.array(rule, { maxLength: 3 }),
    request: operations,
    rewrite,
    also,
  },
  { requiredKeys: ['name', 'match', 'upstream'] },
)

/** Files; those in which a value names what is not there are refused, and no case. */
export const file: fc.Arbitrary<WrittenFile> = fc
  .tuple(
    upstream,
    route,
    fc.option(fc.constantFrom('x-keyway-token', ['x-keyway-token', 'x-api-key'])),
  )
  .map(([up, all, header]) => ({
    version: 1,
    server: { admin: 'off' },
    secrets: { own: { env: 'OWN' }, plain: { env: 'PLAIN' } },
    ...(header !== null && {
      clients: { header, required: false, tokens: { alice: { file: 'alice.sha256' } } },
    }),
    upstreams: { up },
    routes: [all],
  }))
