import type { Rule } from '../shapes/config.generated.ts'
import { parseCondition } from './sentence-condition.ts'
import { SentenceError } from './sentence-error.ts'
import { buildMap, type Entry, type SentenceNode, type SentenceSpans } from './sentence-nodes.ts'
import { createWords, type Word, type Words, wordError } from './sentence-words.ts'

/** A rule in its object form. */
export type RuleObject = Exclude<Rule, string>

/**
 * Parses `if CONDITION use PLACEMENT else PLACEMENT` to the object form; throws SentenceError.
 * `spans` takes where its parts stand.
 */
export function parseSentence(text: string, spans: SentenceSpans | null = null): RuleObject {
  const words = createWords(text)
  const entries: Entry[] = []
  const start = words.peek()
  if (start?.text === 'else') throw loneElse(start)
  if (words.skip('if')) {
    const condition = parseCondition(words, spans)
    entries.push(['if', start as Word, condition.value, condition.span])
  }
  entries.push(
    parseAction(words, spans, [
      'use',
      'reject',
      ...(start?.text === 'if' ? ['and', 'or'] : ['if']),
    ]),
  )
  const otherwise = words.skip('else')
  if (otherwise) {
    refuseElseWithoutIf(otherwise, start)
    const action = parseElse(words, spans)
    entries.push(['else', otherwise, action.value, action.span])
  }
  refuseMore(words)
  return buildMap(spans, entries).value as RuleObject
}

/** Parses a condition alone, such as `credential kind openai`; throws SentenceError. */
export function parseConditionText(text: string): NonNullable<RuleObject['if']> {
  const words = createWords(text)
  const { value } = parseCondition(words, null)
  refuseMore(words)
  return value as NonNullable<RuleObject['if']>
}

const ACTION_SYNONYMS = {
  then: 'use',
  set: 'use',
  send: 'use',
  deny: 'reject',
  block: 'reject',
  otherwise: 'else',
  '&&': 'and',
  '||': 'or',
  when: 'if',
  unless: 'if not',
}

function parseAction(
  words: Words,
  spans: SentenceSpans | null,
  expected: readonly string[],
): Entry {
  const verb = words.takeOneOf(expected, ACTION_SYNONYMS)
  if (verb.text === 'reject') return parseReject(words, spans, verb)
  if (verb.text !== 'use') throw wordError(verb, ['use', 'reject'], {})
  return parsePlacementWords(words, verb)
}

function parseElse(words: Words, spans: SentenceSpans | null): SentenceNode {
  const next = words.peek()
  if (next?.text === 'if') throw secondIf(next)
  const verb = words.skip('use') ?? words.skip('reject')
  const entry =
    verb?.text === 'reject'
      ? parseReject(words, spans, verb)
      : parsePlacementWords(words, verb ?? next)
  return buildMap(spans, [entry])
}

/** Takes the words of a placement up to `else`; what they mean is checked with the other placements. */
function parsePlacementWords(words: Words, verb: Word | null): Entry {
  const first = words.take('a header, "query NAME" or "none"')
  const taken = [first.text]
  for (let next = words.peek(); next && next.text !== 'else'; next = words.peek())
    taken.push(words.take('a word').text)
  const span = { start: first.start, end: words.end() }
  return ['use', verb ?? first, taken.join(' '), span]
}

function parseReject(words: Words, spans: SentenceSpans | null, verb: Word): Entry {
  const status = words.take('a status such as 403')
  if (!/^[45]\d\d$/.test(status.text)) throw badStatus(status)
  const code = Number(status.text)
  const message: string[] = []
  const start = words.peek()?.start ?? status.end
  for (let next = words.peek(); next && next.text !== 'else'; next = words.peek())
    message.push(words.take('a word').text)
  if (message.length === 0) return ['reject', verb, code, status]
  const node = buildMap(spans, [
    ['status', status, code, status],
    ['message', { start, end: words.end() }, message.join(' '), { start, end: words.end() }],
  ])
  return ['reject', verb, node.value, node.span]
}

function badStatus(word: Word): SentenceError {
  return SentenceError.over(
    word,
    `"${word.text}" is no status to reject with`,
    'it is a number from 400 to 599',
  )
}

function loneElse(word: Word): SentenceError {
  return SentenceError.over(
    word,
    '"else" has no "if" before it',
    'write it at the end of the sentence before, or leave "else" out',
  )
}

function secondIf(word: Word): SentenceError {
  return SentenceError.over(
    word,
    'a sentence has one "if"',
    'end it before "else", and write what follows as a rule of its own',
  )
}

function refuseElseWithoutIf(otherwise: Word, start: Word | null): void {
  if (start?.text === 'if') return
  throw new SentenceError('"else" has no "if" before it', null, otherwise.start, 4)
}

function refuseMore(words: Words): void {
  const more = words.peek()
  if (more) throw SentenceError.over(more, `nothing can follow here, but "${more.text}" does`, null)
}
