import { SentenceError } from './sentence-error.ts'
import { buildMap, type Entry, type SentenceNode, type SentenceSpans } from './sentence-nodes.ts'
import { type Synonyms, type Word, type Words, wordError } from './sentence-words.ts'

const SUBJECTS = ['credential', 'method', 'path', 'host', 'header', 'query', 'client']
const MATCHERS = ['matches', 'prefix', 'suffix', 'contains', 'equals']

const MATCHER_SYNONYMS: Synonyms = {
  match: 'matches',
  matching: 'matches',
  '~': 'matches',
  '=~': 'matches',
  like: 'matches',
  starts: 'prefix',
  startswith: 'prefix',
  begins: 'prefix',
  ends: 'suffix',
  endswith: 'suffix',
  includes: 'contains',
  has: 'contains',
  '=': 'equals',
  '==': 'equals',
  eq: 'equals',
  exists: 'is present',
  present: 'is present',
  absent: 'is absent',
  missing: 'is absent',
}

const SUBJECT_SYNONYMS: Synonyms = {
  token: 'credential',
  key: 'credential',
  auth: 'credential',
  url: 'path',
  ip: 'client ip',
  param: 'query',
  '!': 'not',
}

/** Parses conditions joined by `and` or by `or`; throws SentenceError. */
export function parseCondition(words: Words, spans: SentenceSpans | null): SentenceNode {
  const nodes = [parseTerm(words, spans)]
  let joiner: Word | null = null
  for (;;) {
    const next = words.skip('and') ?? words.skip('or')
    if (!next) break
    if (joiner && joiner.text !== next.text) throw mixed(next)
    joiner = next
    nodes.push(parseTerm(words, spans))
  }
  if (!joiner) return nodes[0] as SentenceNode
  return join(spans, joiner, nodes)
}

function join(
  spans: SentenceSpans | null,
  joiner: Word,
  nodes: readonly SentenceNode[],
): SentenceNode {
  const list = nodes.map((node) => node.value)
  spans?.set(list, {
    keys: null,
    offsets: nodes.flatMap(({ span }) => [span.start, span.end, span.start, span.end]),
  })
  const span = { start: nodes[0]?.span.start ?? 0, end: nodes.at(-1)?.span.end ?? 0 }
  const { value } = buildMap(spans, [[joiner.text === 'and' ? 'all' : 'any', joiner, list, span]])
  return { value, span }
}

function mixed(joiner: Word): SentenceError {
  return SentenceError.over(
    joiner,
    '"and" and "or" stand side by side',
    'put parentheses around what belongs together',
  )
}

function parseTerm(words: Words, spans: SentenceSpans | null): SentenceNode {
  const not = words.skip('not')
  if (not) {
    const inner = parseTerm(words, spans)
    return buildMap(spans, [['not', not, inner.value, inner.span]])
  }
  const open = words.skip('(')
  if (!open) return parseSubject(words, spans)
  const inner = parseCondition(words, spans)
  if (!words.skip(')')) throw notClosed(words, open)
  return inner
}

function notClosed(words: Words, open: Word): SentenceError {
  const next = words.peek()
  if (!next) return new SentenceError('the parenthesis is never closed', null, open.start, 1)
  return wordError(next, ['and', 'or', ')'], { '&&': 'and', '||': 'or' })
}

function parseSubject(words: Words, spans: SentenceSpans | null): SentenceNode {
  const next = words.peek()
  if (next && !next.isQuoted && !SUBJECTS.includes(next.text))
    throw wordError(next, [...SUBJECTS, 'not'], SUBJECT_SYNONYMS)
  const subject = words.takeOneOf(SUBJECTS, SUBJECT_SYNONYMS)
  switch (subject.text) {
    case 'credential':
      return buildMap(spans, [nest(spans, subject, parseCredential(words))])
    case 'header':
    case 'query':
      return buildMap(spans, [nest(spans, subject, parseNamed(words, spans))])
    case 'client':
      return buildMap(spans, [nest(spans, subject, parseClient(words, spans))])
    default:
      return buildMap(spans, [parseText(words, spans, subject)])
  }
}

function nest(spans: SentenceSpans | null, key: Word, entry: Entry): Entry {
  const { value, span } = buildMap(spans, [entry])
  return [key.text, key, value, span]
}

function parseCredential(words: Words): Entry {
  const expected = [...MATCHERS, 'is', 'kind', 'scheme', 'source']
  const word = words.takeOneOf(expected, MATCHER_SYNONYMS)
  if (word.text === 'is') return parsePresence(words, word)
  const value = words.take(`the text for "${word.text}"`)
  if (word.text !== 'source' || value.text !== 'query' || value.isQuoted) return entry(word, value)
  const name = words.take('the name of a query parameter')
  return ['source', word, `query ${name.text}`, { start: value.start, end: name.end }]
}

function parseNamed(words: Words, spans: SentenceSpans | null): Entry {
  const name = words.take('a name')
  const word = words.takeOneOf([...MATCHERS, 'is'], MATCHER_SYNONYMS)
  const inner = word.text === 'is' ? parsePresence(words, word) : parseMatcher(words, word)
  const { value, span } = buildMap(spans, [inner])
  return [name.text, name, value, span]
}

function parseClient(words: Words, spans: SentenceSpans | null): Entry {
  const word = words.takeOneOf(['ip', 'name'], { cidr: 'ip', address: 'ip' })
  if (word.text === 'name') return parseText(words, spans, word)
  return entry(word, words.take('an address or a CIDR'))
}

/** `method GET`, or with a matcher, `path prefix /v1`. */
function parseText(words: Words, spans: SentenceSpans | null, subject: Word): Entry {
  const value = words.take(`a ${subject.text}`)
  const isOperator = value.text === 'is' || value.text in MATCHER_SYNONYMS
  if (!value.isQuoted && isOperator && words.peek()) throw needless(value, subject, words.peek())
  if (value.isQuoted || !MATCHERS.includes(value.text)) return entry(subject, value)
  const { value: matcher, span } = buildMap(spans, [parseMatcher(words, value)])
  return [subject.text, subject, matcher, span]
}

/** `method = POST`: what a bare value must be needs no word before it. */
function needless(word: Word, subject: Word, next: Word | null): SentenceError {
  const meant = word.text === 'is' ? 'equals' : MATCHER_SYNONYMS[word.text]
  return SentenceError.over(
    word,
    `"${word.text}" stands where a ${subject.text} is expected`,
    meant === 'equals'
      ? `write ${subject.text} ${next?.text ?? 'VALUE'}`
      : `did you mean "${meant}"?`,
  )
}

function parseMatcher(words: Words, word: Word): Entry {
  return entry(word, words.take(`the text for "${word.text}"`))
}

const PRESENCE = ['present', 'absent']

const PRESENCE_SYNONYMS: Synonyms = {
  there: 'present',
  set: 'present',
  missing: 'absent',
  not: 'absent',
}

function parsePresence(words: Words, is: Word): Entry {
  const next = words.peek()
  if (next && !PRESENCE.includes(next.text) && !(next.text in PRESENCE_SYNONYMS))
    throw SentenceError.over(
      next,
      `"is" asks for "present" or "absent", not for the value "${next.text}"`,
      `write equals ${next.text}`,
    )
  const word = words.takeOneOf(PRESENCE, PRESENCE_SYNONYMS)
  return ['present', is, word.text === 'present', word]
}

function entry(key: Word, value: Word): Entry {
  if (value.text === '' && key.text !== 'equals')
    throw SentenceError.over(value, 'the text is empty', null)
  return [key.text, key, value.text, value]
}
