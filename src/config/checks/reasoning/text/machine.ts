/**
 * A deterministic automaton over code points. Its states are numbers, made as they are walked: a
 * question pays only for those that it comes to.
 */
export interface Machine {
  readonly start: number
  /** Whether a text that ends here is accepted. */
  readonly accepts: (state: number) => boolean
  readonly step: (state: number, code: number) => number
  /** Code points, in any order, at which `step` may begin to lead elsewhere. */
  readonly cuts: (state: number) => readonly number[]
}

/** The state from which no text is accepted. */
export const DEAD = -1

/** The state from which every text is accepted. */
export const ALL = -2

/** Whether a machine accepts a text. */
export function runs(machine: Machine, text: string): boolean {
  return isAccepting(machine, stateAfter(machine, text))
}

/** The state that a machine is in behind a text. */
export function stateAfter(machine: Machine, text: string): number {
  let state = machine.start
  for (const character of text) {
    if (state === DEAD || state === ALL) break
    state = machine.step(state, character.codePointAt(0) as number)
  }
  return state
}

/** Whether a text that ends in a state is accepted; the states DEAD and ALL are known to all machines. */
export function isAccepting(machine: Machine, state: number): boolean {
  if (state < 0) return state === ALL
  return machine.accepts(state)
}

/** A text as code points. */
export function codesOf(text: string): readonly number[] {
  return Array.from(text, (character) => character.codePointAt(0) as number)
}
