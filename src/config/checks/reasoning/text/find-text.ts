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
  const start = demands.map(({ machine }) => machine.start)
  if (start.some((state, at) => isLost(demands[at] as Demand, state))) return null
  const seen = new Set([start.join()])
  const queue: Place[] = [{ states: start, code: -1, from: null }]
  for (let at = 0; at < queue.length; at++) {
    const place = queue[at] as Place
    if (isFound(demands, place.states)) return spell(place)
    const open = openDemands(place.states)
    for (const code of choices(demands, place.states, open)) {
      meter.spent += open.length + 1
      if (meter.spent > limit) throw new CantTell('the patterns together have too many states')
      const states = advance(demands, place.states, open, code)
      if (states === null) continue
      const key = states.join()
      if (seen.has(key)) continue
      seen.add(key)
      queue.push({ states, code, from: place })
    }
  }
  return null
}

/** Where a machine's answer still depends on what follows. */
function openDemands(states: readonly number[]): readonly number[] {
  return states.flatMap((state, at) => (state < 0 ? [] : [at]))
}

/** null where nothing that follows can meet all demands. */
function advance(
  demands: readonly Demand[],
  states: readonly number[],
  open: readonly number[],
  code: number,
): readonly number[] | null {
  const next = [...states]
  for (const at of open) {
    const demand = demands[at] as Demand
    const state = demand.machine.step(states[at] as number, code)
    if (isLost(demand, state)) return null
    next[at] = state
  }
  return next
}

function isLost({ isWanted }: Demand, state: number): boolean {
  return state === (isWanted ? DEAD : ALL)
}

function isFound(demands: readonly Demand[], states: readonly number[]): boolean {
  return demands.every(
    ({ machine, isWanted }, at) => isAccepting(machine, states[at] as number) === isWanted,
  )
}

/** One code of each span in which all machines do the same. */
function choices(
  demands: readonly Demand[],
  states: readonly number[],
  open: readonly number[],
): readonly number[] {
  const cuts = new Set([0])
  for (const at of open)
    for (const cut of (demands[at] as Demand).machine.cuts(states[at] as number)) cuts.add(cut)
  const lows = [...cuts].sort((a, b) => a - b)
  const found: number[] = []
  for (const [at, low] of lows.entries()) {
    const end = Math.min(lows[at + 1] ?? END, END)
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

/** The lower, the earlier it is tried. */
function rank(code: number): number {
  return RANKS[code] ?? 0x1000 + code
}

const RANKS: readonly number[] = Array.from({ length: 0x7f }, (_, code) => {
  const at = PLEASANT.indexOf(code)
  if (at >= 0) return at
  return code > 0x20 ? code : 0x1000 + code
})

function spell(place: Place): string {
  const codes: number[] = []
  for (let at: Place | null = place; at !== null && at.code >= 0; at = at.from) codes.push(at.code)
  return codes
    .reverse()
    .map((code) => String.fromCodePoint(code))
    .join('')
}
