import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'

const catalogue = loadCatalogue()

/** What is said of each "strip", as `where: message; hint`. */
function faults(match: string, more: string): string[] {
  const text = `version: 1
upstreams: { echo: builtin:echo, other: { url: 'https://other.example', accepts: [openai] } }
routes:
  - { name: a, match: { path: ${match} }, upstream: echo, ${more} }
`
  const { diagnostics } = loadConfig({ file: 'routes.yaml', text }, { catalogue, env: {} })
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, path, message, hint }) => `${code} ${path}: ${message}; ${hint}`)
}

interface Row {
  readonly name: string
  readonly match: string
  readonly more: string
}

const strips = (strip: string): string => `rewrite: { strip: ${strip} }`

const stripped: Row[] = [
  { name: "the route's own path", match: '/a/*', more: strips('/a') },
  { name: 'a part of it', match: '/a/b/*', more: strips('/a/') },
  { name: 'an exact path', match: '/a', more: strips('/a') },
  { name: 'the path before a parameter', match: '/a/:id/c', more: strips('/a') },
  {
    name: "the pattern of the rule's if",
    match: '/*',
    more: `rules: [{ if: { path: /a/b/* }, ${strips('/a')} }]`,
  },
  {
    name: 'each of its patterns',
    match: '/*',
    more: `rules: [{ if: { path: [/a/b, /a/c/*] }, ${strips('/a')} }]`,
  },
  {
    name: 'a prefix of the path',
    match: '/*',
    more: `rules: [{ if: { path: { prefix: /a/b } }, ${strips('/a')} }]`,
  },
  {
    name: 'the whole path',
    match: '/*',
    more: `rules: [{ if: { path: { in: [/a/b, /a] } }, ${strips('/a')} }]`,
  },
  {
    name: 'one of several conditions',
    match: '/*',
    more: `rules: [{ if: { all: [{ method: GET }, { path: /a/* }] }, ${strips('/a')} }]`,
  },
  {
    name: 'one of either condition',
    match: '/*',
    more: `rules: [{ if: { any: [{ path: /a/b }, { path: /a/c }] }, ${strips('/a')} }]`,
  },
  {
    name: 'what the else is for',
    match: '/*',
    more: `rules: [{ if: { not: { path: /a/* } }, use: none, else: { ${strips('/a')} } }]`,
  },
  {
    name: 'an expression that may say so',
    match: '/*',
    more: `rules: [{ if: { path: { matches: "^/a(/|$)" } }, ${strips('/a')} }]`,
  },
  {
    name: "what the route's own strip leaves",
    match: '/a/*',
    more: `${strips('/a')}, rules: [{ if: { path: /a/b/* }, ${strips('/b')} }]`,
  },
  {
    name: "the prefix that the route's own rewrite puts on",
    match: '/a/*',
    more: `rewrite: { prefix: /v1 }, rules: [{ ${strips('/v1/a')} }]`,
  },
  {
    name: "the path that the route's own rewrite writes",
    match: '/a/:id',
    more: `rewrite: { path: "/b/c:id" }, rules: [{ ${strips('/b')} }]`,
  },
  {
    name: 'what a rule before may leave',
    match: '/a/b/*',
    more: `rules: [{ if: { method: GET }, continue: true, ${strips('/a')} }, { if: { path: /a/b/a/* }, ${strips('/a')} }]`,
  },
  {
    name: "a fallback's own path",
    match: '/a/*',
    more: `${strips('/a')}, fallback: [{ upstream: other, ${strips('/a')} }]`,
  },
  {
    name: "what the route's strip leaves to a fallback",
    match: '/a/*',
    more: `${strips('/a')}, fallback: [{ upstream: other, rules: [{ if: { path: /a/b/* }, ${strips('/b')} }] }]`,
  },
]

describe('no finding where what is stripped begins', () => {
  test.each(stripped)('$name', ({ match, more }) => {
    expect(faults(match, more)).toEqual([])
  })
})

const faulty: (Row & { fault: string })[] = [
  {
    name: 'another path than the route has',
    match: '/a/*',
    more: strips('/b'),
    fault:
      'bad-strip routes[0].rewrite.strip: "/b" does not begin the route\'s path "/a/*", so nothing would be taken off; write /a',
  },
  {
    name: 'more than the route has',
    match: '/a/*',
    more: strips('/a/b'),
    fault:
      'bad-strip routes[0].rewrite.strip: "/a/b" does not begin every path of "/a/*", so some would stay as they are; write /a, or put it into a rule whose "if" names the path',
  },
  {
    name: 'more than a rule without a path has',
    match: '/*',
    more: `rules: [{ if: { method: GET }, ${strips('/a')} }]`,
    fault:
      'bad-strip routes[0].rules[0].rewrite.strip: "/a" does not begin every path of "/*", so some would stay as they are; put it into a rule whose "if" names the path',
  },
  {
    name: "another path than the rule's if has",
    match: '/*',
    more: `rules: [{ if: { path: /a/* }, ${strips('/b')} }]`,
    fault:
      'bad-strip routes[0].rules[0].rewrite.strip: "/b" does not begin "/a/*", the path by then, so nothing would be taken off; write /a',
  },
  {
    name: 'a longer path than the rule is for',
    match: '/*',
    more: `rules: [{ if: { path: /a }, ${strips('/a/b')} }]`,
    fault:
      'bad-strip routes[0].rules[0].rewrite.strip: "/a/b" does not begin "/a", the path by then, so nothing would be taken off; write /a',
  },
  {
    name: 'half of a segment',
    match: '/*',
    more: `rules: [{ if: { path: /ab/* }, ${strips('/a')} }]`,
    fault:
      'bad-strip routes[0].rules[0].rewrite.strip: "/a" does not begin "/ab/*", the path by then, so nothing would be taken off; write /ab',
  },
  {
    name: "what the route's own strip took off already",
    match: '/a/*',
    more: `${strips('/a')}, rules: [{ if: { path: /a/b/* }, ${strips('/a')} }]`,
    fault:
      'bad-strip routes[0].rules[0].rewrite.strip: "/a" does not begin "/b/*", the path by then, so nothing would be taken off; write /b',
  },
  {
    name: 'what the else is not for',
    match: '/a/*',
    more: `rules: [{ if: { method: GET }, use: none, else: { ${strips('/b')} } }]`,
    fault:
      'bad-strip routes[0].rules[0].else.rewrite.strip: "/b" does not begin the route\'s path "/a/*", so nothing would be taken off; write /a',
  },
  {
    name: 'a pattern',
    match: '/a/*',
    more: strips('/a/*'),
    fault:
      'bad-strip routes[0].rewrite.strip: "strip" is a plain path, without "*" and ":parameter"; write /a',
  },
]

describe('a finding where it does not', () => {
  test.each(faulty)('$name', ({ match, more, fault }) => {
    expect(faults(match, more)).toEqual([fault])
  })
})
