import { RE2JS, RE2JSException } from 're2js'
import { CantTell, type Meter } from '../verdict.ts'
import { ALL, DEAD, type Machine } from './machine.ts'
import { remembered } from './remembered.ts'

/** An instruction of a compiled pattern, as re2js 2 has it. */
interface Instruction {
  readonly op: number
  readonly out: number
  readonly arg: number
  readonly runes: ArrayLike<number>
  matchRune(code: number): boolean
}

interface Program {
  readonly inst: readonly Instruction[]
  readonly start: number
}

const OP = {
  alt: 1,
  altMatch: 2,
  capture: 3,
  empty: 4,
  fail: 5,
  match: 6,
  nop: 7,
  rune: 8,
  rune1: 9,
  any: 10,
  anyNotNewline: 11,
} as const

const AT = {
  lineStart: 1,
  lineEnd: 2,
  textStart: 4,
  textEnd: 8,
  wordBoundary: 16,
  noWordBoundary: 32,
} as const

/** What stood before: nothing, a letter of a word, the end of a line, something else. */
type Before = 0 | 1 | 2 | 3

/**
 * Accepts what a regular expression is found in. It walks the very program that decides requests, so
 * that there is no second reading of the syntax that could differ. Throws CantTell.
 */
export function patternMachine(source: string, meter: Meter): Machine {
  const program = compileProgram(source)
  const { inst, start } = program
  if (!Array.isArray(inst) || inst.some(({ op }) => op < OP.alt || op > OP.anyNotNewline))
    throw new CantTell(`the pattern ${source} is of a form that is not reasoned about`)
  const looksBehind = inst.some(
    ({ op, arg }) => op === OP.empty && (arg & ~(AT.textStart | AT.textEnd)) !== 0,
  )
  const isAnchored = resolve(inst, [start], ~AT.textStart).length === 0
  const states: { readonly waiting: readonly number[]; readonly before: Before }[] = []
  const numbers = new Map<string, number>()
  const intern = (waiting: readonly number[], before: Before): number => {
    if (waiting.length === 0) return DEAD
    const key = `${before}:${waiting}`
    let number = numbers.get(key)
    if (number === undefined) {
      number = states.push({ waiting, before }) - 1
      numbers.set(key, number)
    }
    return number
  }
  const live = (state: number, flags: number): readonly Instruction[] => {
    const waiting = states[state]?.waiting ?? []
    const found = resolve(inst, waiting, flags)
    meter.spent += waiting.length + found.length
    return found
  }
  return remembered({
    start: intern([start], 0),
    accepts: (state) => hasMatch(live(state, flagsAt(states[state]?.before ?? 0, -1))),
    step(state, code) {
      const ready = live(state, flagsAt(states[state]?.before ?? 0, code))
      if (hasMatch(ready)) return ALL
      const next = new Set<number>(isAnchored ? [] : [start])
      for (const one of ready) if (takes(one, code)) next.add(one.out)
      const before = looksBehind ? beforeOf(code) : 3
      return intern(
        [...next].sort((a, b) => a - b),
        before,
      )
    },
    cuts(state) {
      const ready = live(state, -1)
      return ready.flatMap(cutsOf).concat(looksBehind ? CONTEXT_CUTS : [])
    },
  })
}

/** Programs by their patterns: those of the catalogue and of what may stand in a request are asked for again and again. */
const programs = new Map<string, Program>()

/** Programs that are remembered. */
const MOST_PROGRAMS = 256

function compileProgram(source: string): Program {
  const known = programs.get(source)
  if (known !== undefined) return known
  try {
    const program = RE2JS.compile(source).re2().prog as Program
    if (programs.size === MOST_PROGRAMS) programs.clear()
    programs.set(source, program)
    return program
  } catch (error) {
    if (error instanceof RE2JSException) throw new CantTell(error.message)
    throw error
  }
}

/** What can be gone on with from some instructions, where the empty-width ones that `flags` name hold. */
function resolve(
  inst: readonly Instruction[],
  from: readonly number[],
  flags: number,
): readonly Instruction[] {
  const seen = new Set<number>()
  const found: Instruction[] = []
  const open = [...from]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    const one = inst[at] as Instruction
    if (one.op === OP.alt || one.op === OP.altMatch) open.push(one.arg, one.out)
    else if (one.op === OP.capture || one.op === OP.nop) open.push(one.out)
    else if (one.op === OP.empty) {
      if ((one.arg & ~flags) === 0) open.push(one.out)
    } else if (one.op !== OP.fail) found.push(one)
  }
  return found
}

function hasMatch(instructions: readonly Instruction[]): boolean {
  return instructions.some(({ op }) => op === OP.match)
}

function takes(one: Instruction, code: number): boolean {
  if (one.op === OP.any) return true
  if (one.op === OP.anyNotNewline) return code !== 10
  return (one.op === OP.rune || one.op === OP.rune1) && one.matchRune(code)
}

function flagsAt(before: Before, next: number): number {
  const isWord = next >= 0 && isWordCode(next)
  return (
    (before === 0 ? AT.textStart | AT.lineStart : 0) |
    (before === 2 ? AT.lineStart : 0) |
    (next < 0 ? AT.textEnd | AT.lineEnd : 0) |
    (next === 10 ? AT.lineEnd : 0) |
    ((before === 1) === isWord ? AT.noWordBoundary : AT.wordBoundary)
  )
}

function beforeOf(code: number): Before {
  if (isWordCode(code)) return 1
  return code === 10 ? 2 : 3
}

function isWordCode(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    (code >= 97 && code <= 122)
  )
}

const CONTEXT_CUTS = [10, 11, 48, 58, 65, 91, 95, 96, 97, 123]

function cutsOf(one: Instruction): readonly number[] {
  if (one.op === OP.any || one.op === OP.match) return []
  if (one.op === OP.anyNotNewline) return [10, 11]
  const { runes } = one
  if (runes.length === 1) return foldsOf(one).flatMap((code) => [code, code + 1])
  const cuts: number[] = []
  for (let at = 0; at + 1 < runes.length; at += 2)
    cuts.push(runes[at] as number, (runes[at + 1] as number) + 1)
  return cuts
}

/** The codes that a letter stands for: itself, and where case is ignored all that fold to it. */
function foldsOf(one: Instruction): readonly number[] {
  const code = one.runes[0] as number
  if ((one.arg & 1) === 0) return [code]
  let folds = knownFolds.get(code)
  if (folds === undefined) {
    folds = casedCodes().filter((other) => other === code || one.matchRune(other))
    if (!folds.includes(code)) folds.push(code)
    knownFolds.set(code, folds)
  }
  return folds
}

const knownFolds = new Map<number, number[]>()

let cased: readonly number[] | null = null

/** All letters that have another case: found once, as a pattern may hold hundreds. */
function casedCodes(): readonly number[] {
  cased ??= Array.from({ length: FOLDING_END }, (_, code) => code).filter((code) => {
    const text = String.fromCodePoint(code)
    return text.toLowerCase() !== text || text.toUpperCase() !== text
  })
  return cased
}

/** No letter beyond has another case. */
const FOLDING_END = 0x1f000
