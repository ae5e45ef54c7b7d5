import { type Fields, framingOf } from '../parse-message.ts'
import { type ConnectionState, type ParsedResponse, parseResponse } from '../parse-response.ts'
import { createRandom, type Random } from '../random.ts'
import { RESPONSE_ATTACKS, type ResponseAttack } from './attacks.ts'
import { draftResponse, printResponse } from './draft.ts'

/** A response, and the fields of all interim ones before it. */
export interface FinalResponse extends ParsedResponse {
  readonly interim: Fields
  /** How many interim ones. */
  readonly interims: number
}

/** What the upstream does when all is written. */
export type Ending = 'keep' | 'close' | 'reset'

/** One request, and what the upstream does with it. */
export interface ResponsePlan {
  readonly id: string
  readonly caseIndex: number
  readonly method: string
  readonly bodyBytes: number
  readonly isChunked: boolean
  /** Answer as soon as the request's head is there. */
  readonly isEarly: boolean
  readonly bytes: string
  readonly cuts: readonly number[]
  readonly ending: Ending
  readonly attacks: readonly string[]
  /** What the bytes mean; null: no response that a reader could be sure of. */
  readonly meaning: FinalResponse | null
  /** The response must arrive. */
  readonly isSound: boolean
  /** Why they mean none. */
  readonly reason: string
}

const NAMES = Object.keys(RESPONSE_ATTACKS)
const NASTY = '\r\n\0\t :;,\x0b\x7f\x80\xff"0'

/** Makes the case with this number: up to three requests on one client connection. */
export function generateResponseCase(seed: number, index: number): readonly ResponsePlan[] {
  const random = createRandom(seed, index)
  const count = random.pick([1, 2, 3])
  return Array.from({ length: count }, (_, i) =>
    plan(random, `r${seed.toString(36)}-${index.toString(36)}-${i}z`, index),
  )
}

function plan(random: Random, id: string, caseIndex: number): ResponsePlan {
  const method = random.pick(['GET', 'GET', 'GET', 'POST', 'POST', 'HEAD', 'PUT', 'OPTIONS'])
  const bodyBytes = /POST|PUT/.test(method) ? random.pick([0, 10, 200, 200, 70_000, 200_000]) : 0
  const attacks: string[] = []
  const bytes = random.chance(40)
    ? printResponse(draftValid(random, id, method))
    : attack(random, id, attacks)
  const ending = endingOf(random, bytes, method)
  const meaning = understand(bytes, method, ending)
  return {
    id,
    caseIndex,
    method,
    bodyBytes,
    isChunked: random.chance(40),
    isEarly: bodyBytes > 0 && random.chance(30),
    bytes,
    // What nobody asked for comes in one write with the end of the response: when it comes later,
    // nobody can tell it from an answer to the next request.
    cuts: cutPoints(random, Math.max(0, (meaning.meaning?.end ?? bytes.length) - 1)),
    ending,
    attacks,
    ...meaning,
    isSound: isSound(bytes, ending, meaning.meaning),
  }
}

function draftValid(random: Random, id: string, method: string): ReturnType<typeof draftResponse> {
  const draft = draftResponse(random, id)
  return method === 'HEAD' ? { ...draft, body: '' } : draft
}

function attack(random: Random, id: string, attacks: string[]): string {
  let draft = draftResponse(random, id)
  const count = random.chance(80) ? random.pick([1, 1, 1, 2, 3]) : 0
  for (let i = 0; i < count; i += 1) {
    const name = random.pick(NAMES)
    attacks.push(name)
    draft = (RESPONSE_ATTACKS[name] as ResponseAttack)(draft, random, id)
  }
  const bytes = printResponse(draft)
  return count > 0 && random.chance(80) ? bytes : damage(bytes, random, attacks)
}

function damage(bytes: string, random: Random, attacks: string[]): string {
  let damaged = bytes
  for (let count = random.pick([1, 1, 2, 4]); count > 0; count -= 1) {
    const limit = random.chance(80) ? Math.min(damaged.length, 150) : damaged.length
    const at = random.below(limit + 1)
    const rest = damaged.slice(at)
    const kind = random.pick(['insert', 'insert', 'delete', 'replace', 'repeat', 'truncate'])
    const nasty = random.text(random.pick([1, 1, 2]), NASTY)
    const cut = random.between(1, 6)
    attacks.push(kind)
    damaged =
      damaged.slice(0, at) +
      {
        insert: nasty + rest,
        delete: rest.slice(cut),
        replace: nasty + rest.slice(nasty.length),
        repeat: rest.slice(0, cut) + rest,
        truncate: '',
      }[kind]
  }
  return damaged
}

/** What has no end of its own mostly gets one, as each that is left open costs a time-out. */
function endingOf(random: Random, bytes: string, method: string): Ending {
  if (random.chance(4)) return 'reset'
  if (random.chance(6)) return 'close'
  const { meaning } = understand(bytes, method, 'keep')
  return meaning === null && !random.chance(0.3) ? 'close' : 'keep'
}

const STATES: Readonly<Record<Ending, ConnectionState>> = {
  keep: 'open',
  close: 'ended',
  reset: 'reset',
}

/** The final response in the bytes, behind interim ones. */
function understand(
  bytes: string,
  method: string,
  ending: Ending,
): Pick<ResponsePlan, 'meaning' | 'reason'> {
  let at = 0
  let interim: Fields = []
  let interims = 0
  for (;;) {
    // Readers skip empty lines before a message, which end as all lines do.
    while (bytes.startsWith('\r\n', at)) at += 2
    const outcome = parseResponse(bytes, at, method, STATES[ending])
    if (outcome.state === 'incomplete') return { meaning: null, reason: 'incomplete' }
    if (outcome.state === 'bad') return { meaning: null, reason: outcome.reason }
    if (outcome.message.status === 101) return { meaning: null, reason: '101' }
    if (outcome.message.status >= 200)
      return { meaning: { ...outcome.message, interim, interims }, reason: '' }
    interim = [...interim, ...outcome.message.fields]
    interims += 1
    at = outcome.message.end
  }
}

/** Framing that readers may take or leave: white space, what an extension holds. */
const ODD_FRAMING =
  /content-length:(?! ?\d{1,15}\r\n)|transfer-encoding:(?! ?chunked\r\n)|\n[0-9a-f]+([\t ]|;(?!a(=b)?\r\n))/i

/** Whether nobody may refuse the response; a whole one may be doubtful still. */
function isSound(bytes: string, ending: Ending, meaning: FinalResponse | null): boolean {
  // Parsers heed these in trailers and interim responses too.
  const framing = /^(content-length|transfer-encoding|connection|proxy-connection|upgrade)$/
  const isFraming = ([name]: readonly [string, string]): boolean => framing.test(name)
  return (
    meaning !== null &&
    ending !== 'reset' &&
    meaning.interims <= 100 &&
    bytes.length <= 60_000 &&
    !ODD_FRAMING.test(bytes) &&
    framingOf(meaning.fields) !== null &&
    !meaning.trailers.some(isFraming) &&
    !meaning.interim.some(isFraming)
  )
}

function cutPoints(random: Random, length: number): number[] {
  if (random.chance(60)) return []
  if (random.chance(5) && length < 500) return Array.from({ length }, (_, index) => index)
  const points = Array.from({ length: random.between(1, 4) }, () => random.below(length + 1))
  return points.sort((a, b) => a - b)
}
