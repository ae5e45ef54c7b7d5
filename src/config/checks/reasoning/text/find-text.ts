import { CantTell, type Meter } from '../verdict.ts'
import { ALL, DEAD, isAccepting, type Machine } from './machine.ts'

/** A machine, and whether the text is to be one that it accepts. */
export interface Demand {
  readonly machine: Machine
  readonly isWanted: boolean
}

/** Characters tried before others, so that a text that is found can be read. */
const PLEASANT = Array.from('xaeo1tn0-/._=AXZ', (character) => character.charCodeAt(0))

const END = 0x110000
const SURROGATES = { start: 0xd800, end: 0xe000 }

/** One position in all machines at once, and the way to it. */
interface Place {
  readonly states: readonly number[]
  readonly code: number
  readonly from: Place | null
}

/** Finds a shortest text that meets all demands; null where there is none. Throws CantTell after so many `steps`. */
export function findText(demands: readonly Demand[], meter: Meter, steps: number): string | null {
  const limit = meter.spent + steps
  const start = settle(
    demands,
    demands.map(({ machine }) => machine.start),
  )
  if (start === null) return null
  const seen = new Set([start.join()])
  const queue: Place[] = [{ states: start, code: -1, from: null }]
  for (let at = 0; at < queue.length; at++) {
    const place = queue[at] as Place
    if (isFound(demands, place.states)) return spell(place)
    for (const code of choices(demands, place.states)) {
      meter.spent += demands.length
      if (meter.spent > limit) throw new CantTell('the patterns together have too many states')
      const states = settle(demands, advance(demands, place.states, code))
      if (states === null) continue
      const key = states.join()
      if (seen.has(key)) continue
      seen.add(key)
      queue.push({ states, code, from: place })
    }
  }
  return null
}

function advance(demands: readonly Demand[], states: readonly number[], code: number): number[] {
  return states.map((state, at) =>
    state < 0 ? state : (demands[at] as Demand).machine.step(state, code),
  )
}

/** null where nothing that follows can meet all demands. */
function settle(demands: readonly Demand[], states: readonly number[]): readonly number[] | null {
  const isLost = states.some((state, at) => state === (demands[at]?.isWanted ? DEAD : ALL))
  return isLost ? null : states
}

function isFound(demands: readonly Demand[], states: readonly number[]): boolean {
  return demands.every(
    ({ machine, isWanted }, at) => isAccepting(machine, states[at] as number) === isWanted,
  )
}

/** One code of each span in which all machines do the same. */
function choices(demands: readonly Demand[], states: readonly number[]): number[] {
  const cuts = [0]
  for (const [at, { machine }] of demands.entries()) {
    const state = states[at] as number
    if (state >= 0) cuts.push(...machine.cuts(state))
  }
  cuts.sort((a, b) => a - b)
  const found: number[] = []
  for (const [at, low] of cuts.entries()) {
    const end = Math.min(cuts[at + 1] ?? END, END)
    const code = low < end ? pleasant(low, end) : null
    if (code !== null) found.push(code)
  }
  return found.sort((a, b) => rank(a) - rank(b))
}

function pleasant(low: number, end: number): number | null {
  const best = PLEASANT.find((code) => code >= low && code < end)
  if (best !== undefined) return best
  const printable = Math.max(low, 0x21)
  if (printable < Math.min(end, 0x7f)) return printable
  if (low < SURROGATES.start || low >= SURROGATES.end) return low
  return end > SURROGATES.end ? SURROGATES.end : null
}

function rank(code: number): number {
  const at = PLEASANT.indexOf(code)
  if (at >= 0) return at
  return code > 0x20 && code < 0x7f ? code : 0x1000 + code
}

function spell(place: Place): string {
  const codes: number[] = []
  for (let at: Place | null = place; at !== null && at.code >= 0; at = at.from) codes.push(at.code)
  return codes
    .reverse()
    .map((code) => String.fromCodePoint(code))
    .join('')
}
