import { type FieldName, LONGEST_KEPT, readName } from './header-names.ts'
import type { RawHeaders } from './raw-headers.ts'

/** The names of a message's fields, one for each field, in order. */
export interface FieldNames {
  readonly all: readonly FieldName[]
  /** The same in lower case: a list of its own for each `FieldNames`, so that what was worked out of it is found by it. */
  readonly lower: readonly string[]
}

/** The names of one message so far, and those that came behind them in others. */
interface Step {
  readonly before: Step | null
  readonly text: string
  /** What came behind it last: mostly what comes next time. */
  latest: Step | null
  /** null: nothing else did. */
  others: Map<string, Step> | null
  /** null: no message ended here. */
  names: FieldNames | null
}

const STEPS_LIMIT = 4096

let start = createStep(null, '')
let steps = 0

/**
 * The names of fields (name, value, name, value…). Messages with the same names in the same order,
 * as those of one client are, get the same lists: to walk there takes a comparison a name.
 */
export function readNames(fields: RawHeaders): FieldNames {
  let step = start
  // Hot: a loop by hand.
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string
    const { latest } = step
    step = latest !== null && latest.text === name ? latest : goOn(step, name)
  }
  step.names ??= listNames(step)
  return step.names
}

function goOn(step: Step, name: string): Step {
  const known = step.others?.get(name)
  const next = known ?? createStep(step, readName(name).text)
  if (next.text.length > LONGEST_KEPT) return next
  if (known === undefined) remember(step, next)
  step.latest = next
  return next
}

function remember(step: Step, next: Step): void {
  step.others ??= new Map()
  step.others.set(next.text, next)
  steps += 1
  if (steps < STEPS_LIMIT) return
  // Somebody makes names up: all is learnt anew, which takes others one message.
  start = createStep(null, '')
  steps = 0
}

function createStep(before: Step | null, text: string): Step {
  return { before, text, latest: null, others: null, names: null }
}

function listNames(end: Step): FieldNames {
  const all: FieldName[] = []
  for (let step = end; step.before !== null; step = step.before) all.push(readName(step.text))
  all.reverse()
  return { all, lower: all.map(({ lower }) => lower) }
}

/** Works something out of the names of fields, in lower case, once for each list of them. */
export function onceForNames<Result>(
  work: (lower: readonly string[]) => Result,
): (lower: readonly string[]) => Result {
  let latest: readonly string[] | null = null
  let result: Result
  let known: WeakMap<readonly string[], Result> | null = null
  const find = (lower: readonly string[]): Result => {
    known ??= new WeakMap()
    const found = known.get(lower) ?? work(lower)
    known.set(lower, found)
    return found
  }
  return (lower) => {
    if (lower === latest) return result
    // Whoever sees one list alone needs no map.
    result = latest === null ? work(lower) : find(lower)
    latest = lower
    return result
  }
}
