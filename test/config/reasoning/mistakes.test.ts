import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'

interface Row {
  readonly name: string
  readonly rules: readonly (string | object)[]
  /** Code and message of the findings about reach. */
  readonly found: readonly string[]
}

const rows: readonly Row[] = [
  {
    name: 'a credential from a place where nobody looks',
    rules: [{ if: { credential: { source: 'x-own-key' } }, use: 'x-api-key' }],
    found: ['unreachable-rule: its route takes none that it is for'],
  },
  {
    name: 'any credential behind those of each place',
    rules: [
      { if: { credential: { source: ['authorization', 'x-api-key'] } }, use: 'x-api-key' },
      { if: { credential: { source: ['api-key', 'x-goog-api-key'] } }, use: 'x-api-key' },
      { if: { credential: { present: true } }, use: 'authorization bearer' },
    ],
    found: ['unreachable-rule: rules[0] and rules[1] before it together'],
  },
  {
    name: 'what a rule with an "else" lets on, asked for otherwise',
    rules: [
      {
        if: { credential: { prefix: 'sk-a' } },
        request: { set: { 'x-a': '1' } },
        continue: true,
        else: { use: 'none' },
      },
      'if credential prefix sk-b use x-api-key',
    ],
    found: ['unreachable-rule: rules[0] before it'],
  },
  {
    name: 'what a rule with an "else" lets on, asked for more closely',
    rules: [
      {
        if: { credential: { prefix: 'sk-a' } },
        request: { set: { 'x-a': '1' } },
        continue: true,
        else: { use: 'none' },
      },
      'if credential prefix sk-ab use x-api-key',
    ],
    found: [],
  },
  {
    name: 'a rule for the rest of which nothing is left',
    rules: [
      'if header team is present use x-api-key',
      'if not header team is present use authorization bearer',
      { use: 'none' },
    ],
    found: [
      'always-holds: every request that gets here is what the rule asks for',
      'unreachable-rule: rules[0] and rules[1] before it together',
    ],
  },
  {
    name: 'a longer prefix behind a shorter one',
    rules: [
      'if credential matches ^sk-ant- use x-api-key',
      'if credential matches ^sk-ant-oat use authorization bearer',
    ],
    found: ['unreachable-rule: rules[0] before it'],
  },
  {
    name: 'the same in the right order',
    rules: [
      'if credential matches ^sk-ant-oat use authorization bearer',
      'if credential matches ^sk-ant- use x-api-key',
    ],
    found: [],
  },
  {
    name: 'two patterns that cover a third together',
    rules: [
      'if header team matches ^[a-f] use none',
      'if header region is present use x-api-key',
      'if header team matches ^[e-z] use x-api-key',
      'if header team matches ^[a-z]+$ use authorization bearer',
    ],
    found: ['unreachable-rule: rules[0] and rules[2] before it together'],
  },
  {
    name: 'two patterns that leave a little of a third',
    rules: [
      'if header team matches ^[a-f] use none',
      'if header team matches ^[h-z] use x-api-key',
      'if header team matches ^[a-z]+$ use authorization bearer',
    ],
    found: [],
  },
  {
    name: 'a negation that is never true',
    rules: ['if credential prefix sk- and not credential prefix sk use none'],
    found: ['never-holds: no request can be all of this at once'],
  },
  {
    name: 'a host that is written in capitals in a pattern',
    rules: ['if host matches ^API use none'],
    found: ['never-holds: no request can be all of this at once'],
  },
  {
    name: 'networks inside two others',
    rules: [
      'if client ip 10.0.0.0/9 use none',
      'if client ip 10.128.0.0/9 use x-api-key',
      'if client ip 10.64.0.0/10 or client ip 10.200.0.0/16 use authorization bearer',
    ],
    found: ['unreachable-rule: rules[0] and rules[1] before it together'],
  },
  {
    name: 'a list whose members a pattern covers',
    rules: [
      'if header team matches ^(red|green|blue)$ use none',
      { if: { header: { team: ['red', 'blue'] } }, use: 'x-api-key' },
    ],
    found: ['unreachable-rule: rules[0] before it'],
  },
  {
    name: 'a pattern that ignores case',
    rules: [
      'if credential matches (?i)^SK-ANT use none',
      'if credential prefix sk-ant-oat use x-api-key',
    ],
    found: ['unreachable-rule: rules[0] before it'],
  },
  {
    name: 'a kind behind its prefix',
    rules: [
      'if credential prefix sk-ant- use none',
      'if credential kind anthropic-oauth use x-api-key',
    ],
    found: ['unreachable-rule: rules[0] before it'],
  },
  {
    name: 'all kinds that start so, before the prefix',
    rules: [
      'if credential kind anthropic-oauth use none',
      'if credential prefix sk-ant-oat use x-api-key',
    ],
    found: ['unreachable-rule: rules[0] before it'],
  },
  {
    name: 'a kind that Keyway refuses by itself',
    rules: ['if credential kind anthropic-refresh reject 403'],
    found: ['unreachable-rule: what it is for is refused before any rule is tried'],
  },
  {
    name: 'a kind that nothing is told to be of',
    rules: ['if credential kind azure-openai use none'],
    found: ['never-holds: no credential is ever told to be of kind azure-openai'],
  },
  {
    name: 'a path outside of the route',
    rules: ['if path /b/* use none'],
    found: ['unreachable-rule: its route takes none that it is for'],
  },
  {
    name: 'a condition that the route asks for already',
    rules: ['if path /a/* use none'],
    found: ['always-holds: the "if" says nothing'],
  },
  {
    name: 'an else that is never taken',
    rules: ['if method GET use none', 'if not method GET use x-api-key else authorization bearer'],
    found: ['always-holds: its "else" is never taken'],
  },
  {
    name: 'of two joined conditions one is taken before',
    rules: ['if method GET use none', 'if method GET or method POST use x-api-key'],
    found: ['idle-condition: no request that gets here is number 1'],
  },
  {
    name: 'the same again behind one that goes on',
    rules: [
      { if: { method: 'GET' }, request: { set: { a: 'b' } }, continue: true },
      'if method GET use none',
    ],
    found: [],
  },
  {
    name: 'behind one that goes on, and rejects',
    rules: [{ if: { method: 'GET' }, reject: 403, continue: true }, 'if method GET use none'],
    found: ['unreachable-rule: such as method GET, is taken by rules[0] before it'],
  },
  {
    name: 'behind a rule with a name',
    rules: [
      { name: 'reads', if: { method: ['GET', 'HEAD'] }, use: 'none' },
      'if method HEAD use x-api-key',
    ],
    found: ['unreachable-rule: taken by rule "reads" before it'],
  },
  {
    name: 'of three the two that are needed',
    rules: [
      'if method GET use none',
      'if header a is present use none',
      'if not method GET use none',
      'if path /a/b use none',
    ],
    found: [
      'always-holds: every request that gets here is what the rule asks for',
      'unreachable-rule: rules[0] and rules[2] before it together',
    ],
  },
  {
    name: 'behind one without a condition',
    rules: ['use none', 'if method GET use x-api-key', { name: 'last', use: 'x-api-key' }],
    found: [
      'unreachable-rule: rules[0] before it has no "if", so it takes every request',
      'unreachable-rule: rules[0] before it has no "if", so it takes every request',
    ],
  },
  {
    name: 'behind one without a condition that goes on',
    rules: [{ request: { set: { a: 'b' } }, continue: true }, 'if method GET use x-api-key'],
    found: [],
  },
  {
    name: 'behind an else',
    rules: [
      { name: 'first', if: { method: 'GET' }, use: 'none', else: { use: 'x-api-key' } },
      'if method PUT use none',
    ],
    found: [
      'unreachable-rule: rule "first" before it has an "else", which takes every other request',
    ],
  },
  {
    name: 'the first says nothing',
    rules: [{ if: { path: '/a/*' }, use: 'none', else: { use: 'x-api-key' } }],
    found: ['always-holds: every request of this route is what the rule asks for: its "else"'],
  },
  {
    name: 'a later one says nothing',
    rules: ['if method GET use x-api-key', 'if not method GET use none'],
    found: ['always-holds: every request that gets here is what the rule asks for: the "if"'],
  },
  {
    name: 'two of three that are joined are taken before',
    rules: [
      'if method GET or method PUT use none',
      { if: { any: [{ method: 'GET' }, { method: 'POST' }, { method: 'PUT' }] }, use: 'x-api-key' },
    ],
    found: ['idle-condition: no request that gets here is number 1 or number 3'],
  },
  {
    name: 'one of two that are joined beside another condition',
    rules: [{ if: { host: 'a', any: [{ path: '/b' }, { path: '/a/b' }] }, use: 'x-api-key' }],
    found: ['idle-condition: no request that gets here is number 1'],
  },
  {
    name: 'headers that the route asks for',
    rules: [{ if: { method: 'GET', path: '/a', header: { x: 'y' } }, use: 'none' }],
    found: [],
  },
  {
    name: 'a kind that is refused or one that is not',
    rules: [
      { if: { credential: { kind: ['anthropic-refresh', 'anthropic-oauth'] } }, use: 'none' },
    ],
    found: [],
  },
  {
    name: 'what is refused and what is taken before together',
    rules: [
      'if credential kind anthropic-oauth use none',
      { if: { credential: { kind: ['anthropic-refresh', 'anthropic-oauth'] } }, use: 'x-api-key' },
    ],
    found: ['unreachable-rule: is taken by rules[0] before it'],
  },
  {
    name: 'a rule that goes on takes nothing',
    rules: ['if method GET use none', 'if method POST use x-api-key'],
    found: [],
  },
]

const ABOUT_REACH = ['unreachable-rule', 'never-holds', 'always-holds', 'idle-condition']

describe('mistakes about which rule is reached', () => {
  test.each(rows)('$name', ({ rules, found }) => {
    const routes = [{ name: 'a', match: { path: '/a/*' }, upstream: 'echo', rules }]
    const text = JSON.stringify({ version: 1, upstreams: { echo: 'builtin:echo' }, routes })
    const { diagnostics } = loadConfig(
      { file: 'a.yaml', text },
      { catalogue: loadCatalogue(), env: {} },
    )
    const about = diagnostics.filter(({ code }) => ABOUT_REACH.includes(code))
    expect(about).toHaveLength(found.length)
    for (const [at, { code, message }] of about.entries()) {
      const [wantedCode, words] = (found[at] as string).split(': ')
      expect(code).toBe(wantedCode)
      expect(message).toContain(words)
    }
  })
})

describe('routes that others leave nothing', () => {
  const table = [
    {
      name: 'two lists of hosts together',
      routes: [
        { path: '/a/*', hosts: ['a.example.com'] },
        { path: '/a/*', hosts: ['b.example.com'] },
        { path: '/a/*', hosts: ['a.example.com', 'b.example.com'] },
      ],
      found: ['2: routes "r0" and "r1"'],
    },
    {
      name: 'a host rule behind a wildcard is reached all the same',
      routes: [
        { path: '/a/*', hosts: ['*.example.com'] },
        { path: '/a/*', hosts: ['a.example.com'] },
      ],
      found: [],
    },
    {
      name: 'methods one by one',
      routes: [
        { path: '/a', methods: ['GET'] },
        { path: '/a', methods: ['POST'] },
        { path: '/a', methods: ['POST', 'GET'] },
      ],
      found: ['2: routes "r0" and "r1"'],
    },
    {
      name: 'headers by patterns',
      routes: [
        { path: '/a', headers: { team: { matches: '^[a-m]' } } },
        { path: '/a', headers: { team: { matches: '^[m-z]' } } },
        { path: '/a', headers: { team: { in: ['red', 'blue'] } } },
      ],
      found: ['2: routes "r0" and "r1"'],
    },
    {
      name: 'a wildcard of a longer name does not take all of a shorter',
      routes: [
        { path: '/a', hosts: ['*.a.example.com'] },
        { path: '/a', hosts: ['*.example.com'] },
      ],
      found: [],
    },
    {
      name: 'any host, earlier, takes nothing of a named one',
      routes: [{ path: '/a' }, { path: '/a', hosts: ['a.example.com'] }],
      found: [],
    },
    {
      name: 'methods go before any, wherever they stand',
      routes: [
        { path: '/a', headers: { x: 'y' } },
        { path: '/a', methods: ['GET', 'POST'] },
        { path: '/a', methods: ['GET'], headers: { x: 'y' } },
      ],
      found: [],
    },
    {
      name: 'more headers go before fewer',
      routes: [
        { path: '/a', headers: { x: { present: true } } },
        { path: '/a', headers: { x: 'y', z: 'a' } },
      ],
      found: [],
    },
    {
      name: 'fewer headers of methods take what has more',
      routes: [
        { path: '/a', methods: ['GET'], headers: { x: { present: true } } },
        { path: '/a', headers: { x: 'y', z: 'a' } },
        { path: '/a', methods: ['GET'], headers: { x: { prefix: 'y' } } },
      ],
      found: ['2: route "r0"'],
    },
    {
      name: 'longer paths together leave nothing of one above them',
      routes: [{ path: '/a' }, { path: '/a/*' }, { path: '/a/:b/*' }],
      found: [],
    },
    {
      name: 'a parameter is not tried before a literal',
      routes: [{ path: '/:x/b' }, { path: '/a/b' }],
      found: [],
    },
    {
      name: 'an exact path with a list of all hosts of another',
      routes: [
        { path: '/a/b', hosts: ['a.example.com', 'b.example.com'] },
        { path: '/a/*', hosts: ['a.example.com'] },
        { path: '/a/:b', hosts: ['b.example.com'], methods: ['GET'] },
      ],
      found: [],
    },
    {
      name: 'what another leaves of hosts is still there',
      routes: [
        { path: '/a', hosts: ['a.example.com'] },
        { path: '/a', hosts: ['a.example.com', 'b.example.com'] },
      ],
      found: [],
    },
    {
      name: 'three lists that overlap, of which two are needed',
      routes: [
        { path: '/a', hosts: ['a.test', 'b.test'] },
        { path: '/a', hosts: ['c.test', 'd.test'] },
        { path: '/a', hosts: ['b.test', 'c.test'] },
      ],
      found: ['2: routes "r0" and "r1"'],
    },
    {
      name: 'an exact path before a parameter with the same methods',
      routes: [{ path: '/a/:id' }, { path: '/a/b' }, { path: '/a/*' }],
      found: [],
    },
  ]

  test.each(table)('$name', ({ routes: matches, found }) => {
    const routes = matches.map((match, at) => ({ name: `r${at}`, match, upstream: 'echo' }))
    const text = JSON.stringify({ version: 1, upstreams: { echo: 'builtin:echo' }, routes })
    const { diagnostics } = loadConfig(
      { file: 'a.yaml', text },
      { catalogue: loadCatalogue(), env: {} },
    )
    const about = diagnostics.filter(({ code }) => code === 'shadowed-route')
    expect(about.map(({ path }) => path)).toEqual(found.map((one) => `routes[${one[0]}].match`))
    for (const [at, { message }] of about.entries())
      expect(message).toContain((found[at] as string).slice(3))
  })
})

test('a rule for a rest that is empty is written for safety: its file is loaded', () => {
  const text = JSON.stringify({
    version: 1,
    upstreams: { echo: 'builtin:echo' },
    routes: [
      {
        name: 'r',
        match: { path: '/*' },
        upstream: 'echo',
        rules: [
          'if header team is present use x-api-key',
          'if not header team is present use authorization bearer',
          { use: 'none' },
        ],
      },
    ],
  })
  const { config, diagnostics } = loadConfig(
    { file: 'a.yaml', text },
    { catalogue: loadCatalogue(), env: {} },
  )
  expect(config).not.toBeNull()
  expect(diagnostics.find(({ code }) => code === 'unreachable-rule')).toMatchObject({
    severity: 'warning',
    path: 'routes[0].rules[2]',
    hint: 'remove it, or leave the "if" of rules[1] out',
  })
})

test.each([
  ['required', {}, ['always-holds', 'unreachable-rule']],
  ['not required', { required: false }, []],
  ['not required of preflights', { preflight: 'open' }, []],
] as const)('behind a rule for any client nobody is left where tokens are %s', (_, more, codes) => {
  const text = JSON.stringify({
    version: 1,
    clients: { tokens: { ci: { file: 'ci.sha256' } }, ...more },
    upstreams: { one: 'https://one.example.com' },
    routes: [
      {
        name: 'a',
        match: { path: '/a/*' },
        upstream: 'one',
        rules: ['if client name matches . use x-api-key', 'if method PUT reject 403'],
      },
    ],
  })
  const options = { catalogue: loadCatalogue(), env: {} }
  const { diagnostics } = loadConfig({ file: 'a.yaml', text }, options)
  expect(diagnostics.map(({ code }) => code)).toEqual(codes)
})
