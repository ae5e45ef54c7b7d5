import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSentence, type RuleObject } from '../../src/config/language/sentence.ts'
import { SentenceError } from '../../src/config/language/sentence-error.ts'
import { normalizeRule } from '../../src/config/normalize/normalize.ts'
import type { Condition } from '../../src/config/shapes/config.generated.ts'

const sentences: { name: string; sentence: string; rule: RuleObject }[] = [
  {
    name: 'the sentence of the front page',
    sentence: 'if credential matches ^sk-ant- use x-api-key else authorization bearer',
    rule: {
      if: { credential: { matches: '^sk-ant-' } },
      use: 'x-api-key',
      else: { use: 'authorization bearer' },
    },
  },
  {
    name: 'else use is else',
    sentence: 'if credential prefix a use none else use query key',
    rule: { if: { credential: { prefix: 'a' } }, use: 'none', else: { use: 'query key' } },
  },
  { name: 'a rule that always holds', sentence: 'use none', rule: { use: 'none' } },
  { name: 'a rejection', sentence: 'reject 403', rule: { reject: 403 } },
  {
    name: 'a rejection with a message',
    sentence: 'if method DELETE reject 405 Nothing is deleted here. else reject 403',
    rule: {
      if: { method: 'DELETE' },
      reject: { status: 405, message: 'Nothing is deleted here.' },
      else: { reject: 403 },
    },
  },
  {
    name: 'presence and absence',
    sentence: 'if credential is present and header x-a is absent use none',
    rule: {
      if: { all: [{ credential: { present: true } }, { header: { 'x-a': { present: false } } }] },
      use: 'none',
    },
  },
  {
    name: 'not binds to what follows it',
    sentence: 'if not credential kind openai or client ip 10.0.0.0/8 use none',
    rule: {
      if: { any: [{ not: { credential: { kind: 'openai' } } }, { client: { ip: '10.0.0.0/8' } }] },
      use: 'none',
    },
  },
  {
    name: 'parentheses around conditions, and in a pattern',
    sentence:
      'if (credential matches ^(a|(b))$ or credential scheme token) and path /v1/* use none',
    rule: {
      if: {
        all: [
          { any: [{ credential: { matches: '^(a|(b))$' } }, { credential: { scheme: 'token' } }] },
          { path: '/v1/*' },
        ],
      },
      use: 'none',
    },
  },
  {
    name: 'quotes keep white space, parentheses and the words of the language',
    sentence: `if header x-a equals "b or (c)" and query q contains 'it"s' use none`,
    rule: {
      if: {
        all: [
          { header: { 'x-a': { equals: 'b or (c)' } } },
          { query: { q: { contains: 'it"s' } } },
        ],
      },
      use: 'none',
    },
  },
  {
    name: 'matchers of method, path, host and client',
    sentence:
      'if path prefix /v1 and host api.example.com and client name ci and credential source query key use none',
    rule: {
      if: {
        all: [
          { path: { prefix: '/v1' } },
          { host: 'api.example.com' },
          { client: { name: 'ci' } },
          { credential: { source: 'query key' } },
        ],
      },
      use: 'none',
    },
  },
]

describe('a sentence is short for an object', () => {
  test.each(sentences)('$name', ({ sentence, rule }) => {
    expect(parseSentence(sentence)).toEqual(rule)
  })
})

const faults: { sentence: string; column: number; reason: RegExp }[] = [
  { sentence: '', column: 0, reason: /ends where/ },
  { sentence: 'if', column: 2, reason: /ends where/ },
  { sentence: 'if credential prefix', column: 20, reason: /ends where the text for "prefix"/ },
  { sentence: 'if method GET', column: 13, reason: /ends where/ },
  { sentence: 'if method GET use', column: 17, reason: /ends where a header/ },
  { sentence: 'if method GET use a else', column: 24, reason: /ends where a header/ },
  { sentence: "if credential prefix '' use a", column: 21, reason: /empty/ },
  { sentence: 'if (method GET use a', column: 15, reason: /"use" stands where "and"/ },
  { sentence: 'if (method GET', column: 3, reason: /never closed/ },
  { sentence: 'reject 200', column: 7, reason: /no status/ },
]

describe('a fault is pointed at', () => {
  test.each(faults)('$sentence', ({ sentence, column, reason }) => {
    const error = catchError(() => parseSentence(sentence))
    expect(error.reason).toMatch(reason)
    expect(error.offset).toBe(column)
  })
})

function catchError(parse: () => unknown): SentenceError {
  try {
    parse()
  } catch (error) {
    if (error instanceof SentenceError) return error
    throw error
  }
  throw new Error('the sentence was read')
}

interface Both {
  readonly object: Condition
  readonly words: string
}

const quote = (text: string): string =>
  /^[A-Za-z0-9^$.*_/-]+$/.test(text) ? text : text.includes("'") ? `"${text}"` : `'${text}'`

const text = fc
  .oneof(
    fc.stringMatching(/^[A-Za-z0-9^._/-]{1,12}$/),
    fc.constantFrom(
      'use',
      'and',
      'else',
      'not',
      '(',
      ')',
      "it's",
      'a b',
      '^(a|b)$',
      'x # y',
      '"q"',
    ),
  )
  .filter((value) => !(value.includes("'") && value.includes('"')))
// Words of the language itself stand for names only where they are quoted.
const keywords = new Set(['and', 'or', 'not', 'is', 'if', 'use', 'else', 'reject', 'query'])
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/).filter((text) => !keywords.has(text))
const matcher = fc.constantFrom('matches', 'prefix', 'suffix', 'contains', 'equals')

const leaf: fc.Arbitrary<Both> = fc.oneof(
  fc.tuple(matcher, text).map(([key, value]) => ({
    object: { credential: { [key]: value } },
    words: `credential ${key} ${quote(value)}`,
  })),
  fc.constantFrom('kind', 'scheme', 'source').chain((key) =>
    name.map((value) => ({
      object: { credential: { [key]: value } },
      words: `credential ${key} ${value}`,
    })),
  ),
  fc.boolean().map((present) => ({
    object: { credential: { present } },
    words: `credential is ${present ? 'present' : 'absent'}`,
  })),
  fc
    .tuple(fc.constantFrom('header', 'query'), name, matcher, text)
    .map(([key, field, how, value]) => ({
      object: { [key]: { [field]: { [how]: value } } },
      words: `${key} ${field} ${how} ${quote(value)}`,
    })),
  fc.constantFrom('GET', 'POST').map((value) => ({
    object: { method: value },
    words: `method ${value}`,
  })),
  name.map((value) => ({ object: { path: `/${value}/*` }, words: `path /${value}/*` })),
)

const { tree } = fc.letrec<{ tree: Both }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    tie('tree').map(({ object, words }) => ({ object: { not: object }, words: `not (${words})` })),
    fc
      .tuple(fc.constantFrom('all', 'any'), fc.array(tie('tree'), { minLength: 2, maxLength: 3 }))
      .map(([key, parts]) => ({
        object: { [key]: parts.map(({ object }) => object) },
        words: parts.map(({ words }) => `(${words})`).join(key === 'all' ? ' and ' : ' or '),
      })),
  ),
}))

const placement = fc.oneof(
  fc.constant('none'),
  name.map((value) => `query ${value}`),
  fc
    .tuple(name, fc.constantFrom('', ' bearer', ' Token'))
    .map(([header, scheme]) => header + scheme),
)

test('a sentence and its object come to the same rule', () => {
  fc.assert(
    fc.property(tree, placement, fc.option(placement), ({ object, words }, use, otherwise) => {
      fc.pre(
        ![use, otherwise].some(
          (text) =>
            /^(else|use|reject|query)( |$)/.test(text ?? '') && !/^query \S+$/.test(text ?? ''),
        ),
      )
      const sentence = `if ${words} use ${use}${otherwise === null ? '' : ` else ${otherwise}`}`
      const rule: RuleObject = {
        if: object,
        use,
        ...(otherwise === null ? {} : { else: { use: otherwise } }),
      }
      const parsed = parseSentence(sentence)
      expect(normalizeRule({ value: parsed, index: 0 })).toEqual(
        normalizeRule({ value: rule, index: 0 }),
      )
    }),
    { numRuns: 300 },
  )
})

test('any text is read or refused by a SentenceError inside it', () => {
  const words = fc.constantFrom(
    ...'if use else reject not and or ( ) credential matches prefix is present kind header query path method client ip name none 403 ^sk- x-a "b'.split(
      ' ',
    ),
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 12 }), (list) => {
      const sentence = list.join(' ')
      try {
        parseSentence(sentence)
      } catch (error) {
        expect(error).toBeInstanceOf(SentenceError)
        const { offset } = error as SentenceError
        expect(offset).toBeGreaterThanOrEqual(0)
        expect(offset).toBeLessThanOrEqual(sentence.length)
      }
    }),
    { numRuns: 500 },
  )
})
