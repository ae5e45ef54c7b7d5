import fc from 'fast-check'

/** Credentials of many kinds, all fake; some of no kind, some bound to their scheme. */
export const credentialValue: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      'sk-ant-api03-',
      'sk-ant-oat01-',
      'sk-proj-',
      'sk-',
      'gsk_',
      'AIza',
      'ya29.',
      'hf_',
      '',
    ),
    fc.stringMatching(/^[A-Za-z0-9]{8,24}$/),
  )
  .map(([prefix, rest]) => `${prefix}FAKE${rest}`)

const scheme = fc.constantFrom('Bearer ', 'bEaReR ', 'Token ', 'ApiKey ', '', 'Basic ')
const sourceHeader = fc.constantFrom(
  'Authorization',
  'X-Api-Key',
  'api-key',
  'x-goog-api-key',
  'X-Own-Key',
)
const otherHeader = fc.constantFrom(
  'Accept',
  'x-team',
  'X-Beta',
  'anthropic-beta',
  'Connection',
  'cookie',
)

/** Header fields as a client may send them: credentials in any place, repeated, or none. */
export const headers: fc.Arbitrary<string[]> = fc
  .tuple(
    fc.array(fc.tuple(sourceHeader, scheme, credentialValue), { maxLength: 3 }),
    fc.array(fc.tuple(otherHeader, fc.constantFrom('a', 'x-api-key', 'red', 'close', '')), {
      maxLength: 4,
    }),
  )
  .map(([credentials, others]) => [
    ...credentials.flatMap(([name, before, value]) => [name, before + value]),
    ...others.flat(),
  ])

const segment = fc.constantFrom('a', 'b', 'v1', '%61', '..b', 'x%2Fy', '')

/** Targets that meet the generated routes, miss them, or try to escape. */
export const target: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.oneof({ weight: 9, arbitrary: segment }, fc.constantFrom('..', '%2e%2e')), {
      maxLength: 4,
    }),
    fc.option(fc.constantFrom('key=k', 'a=1&key=FAKEqueryvalue&b=2', 'beta=true', '%zz&&=')),
  )
  .map(([segments, query]) => `/${segments.join('/')}${query === null ? '' : `?${query}`}`)

const matcher = fc.oneof(
  fc
    .constantFrom('^sk-ant-', '^sk-ant-oat', '^(sk|gsk)[-_]', '(?<team>[a-z]+)', 'FAKE')
    .map((matches) => ({ matches })),
  fc.constantFrom('sk-ant-', 'sk-', 'red', 'a').map((prefix) => ({ prefix })),
  fc.constantFrom('x', 'FAKE').map((contains) => ({ contains })),
  fc.boolean().map((present) => ({ present })),
  fc.constant({ in: ['red', 'blue'] }),
)

const leaf = fc.oneof(
  matcher.map((credential) => ({ credential })),
  fc
    .constantFrom('anthropic-api-key', 'anthropic-oauth', 'openai')
    .map((kind) => ({ credential: { kind } })),
  fc.constantFrom('bearer', 'basic', 'none').map((name) => ({ credential: { scheme: name } })),
  fc.constantFrom('authorization', 'x-api-key').map((source) => ({ credential: { source } })),
  fc.constantFrom('GET', 'POST').map((method) => ({ method })),
  fc.constantFrom('/a/*', '/:first', '/v1').map((path) => ({ path })),
  matcher.map((value) => ({ header: { 'x-team': value } })),
  matcher.map((value) => ({ query: { key: value } })),
  fc.constant({ client: { ip: '192.0.2.0/24' } }),
)

const condition = fc.letrec<{ node: object }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    fc.array(tie('node'), { minLength: 1, maxLength: 2 }).map((all) => ({ all })),
    fc.array(tie('node'), { minLength: 1, maxLength: 2 }).map((any) => ({ any })),
    tie('node').map((not) => ({ not })),
  ),
})).node

const placement = fc.oneof(
  fc.constantFrom(
    'x-api-key',
    'authorization bearer',
    'authorization token',
    'query key',
    'none',
    'x-own-key',
  ),
  fc.constant({ header: 'X-Own-Key', scheme: 'Key' }),
  fc.constant({ header: 'x-api-key', value: '${secret.own}' }),
  fc.constant({ header: 'authorization', scheme: 'Bearer', value: '${credential}' }),
)

const operations = fc.oneof(
  fc.constant({ set: { 'X-Set': 'x ${request.id} ${client.ip}' } }),
  fc.constant({ add: { 'x-team': 'added' }, remove: ['x-beta'] }),
  fc.constant({ append: { Accept: '${request.header.x-team}' } }),
)

const action = fc.record(
  { use: placement, request: operations, upstream: fc.constantFrom('one', 'two') },
  { requiredKeys: ['use'] },
)

const rule = fc.oneof(
  fc.tuple(condition, action).map(([when, then]) => ({ if: when, ...then })),
  fc
    .tuple(condition, placement)
    .map(([when, use]) => ({ if: when, request: { set: { 'X-Seen': '1' } }, continue: true, use })),
  fc.tuple(condition, fc.constantFrom(401, 403)).map(([when, reject]) => ({ if: when, reject })),
  fc.constantFrom(
    'if credential matches ^sk-ant- use x-api-key else authorization bearer',
    'if credential is present use authorization token',
    'if header x-team equals red and not method POST use none',
    'use x-api-key',
  ),
)

const path = fc.constantFrom('/*', '/a/*', '/a/b', '/a/:id', '/:first/b', '/:first/v1/*', '/v1/*')

const route = fc.record(
  {
    match: path.map((one) => ({ path: one })),
    upstream: fc.constantFrom('one', 'two'),
    rules: fc.array(rule, { maxLength: 3 }),
    credential: fc
      .record(
        {
          from: fc.constantFrom(
            ['x-api-key', 'authorization'],
            ['query key', 'authorization'],
            ['X-Own-Key'],
          ),
          conflict: fc.constantFrom('first', 'reject'),
        },
        { requiredKeys: [] },
      )
      .filter((value) => Object.keys(value).length > 0),
    rewrite: fc.constantFrom({ prefix: '/p' }, { query: { remove: ['beta'] } }),
    request: operations,
  },
  { requiredKeys: ['match', 'upstream'] },
)

/** A configuration as its author writes it. */
export interface Written {
  readonly routes: readonly { readonly name: string }[]
}

/** Configurations as their authors write them; a few have findings of meaning, such as an unreachable rule. */
export const config: fc.Arbitrary<Written> = fc
  .uniqueArray(route, { minLength: 1, maxLength: 4, selector: (one) => one.match.path })
  .map((routes) => ({
    version: 1,
    server: { admin: 'off' },
    secrets: { own: { env: 'OWN' } },
    upstreams: {
      one: 'https://one.example.com/base',
      two: { url: 'https://two.example.com', accepts: ['anthropic-api-key', 'openai'] },
    },
    routes: routes.map((one, index) => ({ name: `route-${index}`, ...one })),
  }))
