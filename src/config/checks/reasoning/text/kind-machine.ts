import type { NormalKind } from '../../../shapes/normal-config.ts'
import type { Meter } from '../verdict.ts'
import { ALL, codesOf, DEAD, isAccepting, type Machine } from './machine.ts'
import { patternMachine } from './pattern-machine.ts'
import { remembered } from './remembered.ts'

/** The name of what no kind fits. */
const UNKNOWN_KIND = 'unknown'

/** Tells values by kind: makes the machine of the values whose kind is one of some names. */
export type KindMachines = (names: ReadonlySet<string>) => Machine

interface Node {
  readonly next: Map<number, number>
  /** The kind whose prefix ends here. */
  kind: string | null
}

/** What is known after a part of a value: where in the prefixes it stands, and how far each pattern has come. */
interface Progress {
  /** null: it is past all prefixes. */
  readonly node: number | null
  readonly kind: string | null
  readonly patterns: readonly number[]
}

/** Builds the machines by the rule that tells kinds: the longest prefix, then the first pattern. */
export function createKindMachines(kinds: readonly NormalKind[], meter: Meter): KindMachines {
  const nodes = buildTrie(kinds)
  const patterns = kinds.flatMap(({ name, matches }) =>
    matches === undefined ? [] : [{ name, machine: patternMachine(matches, meter) }],
  )
  const states: Progress[] = []
  const numbers = new Map<string, number>()
  const intern = (progress: Progress): number => {
    const key = `${progress.node};${progress.kind};${progress.patterns}`
    let number = numbers.get(key)
    if (number === undefined) {
      number = states.push(progress) - 1
      numbers.set(key, number)
    }
    return number
  }
  const kindAtEnd = ({ kind, patterns: reached }: Progress): string =>
    kind ??
    patterns.find(({ machine }, at) => isAccepting(machine, reached[at] as number))?.name ??
    UNKNOWN_KIND
  const advance = (progress: Progress, code: number): Progress => {
    const node = nodes[progress.node ?? -1]?.next.get(code) ?? null
    return {
      node,
      kind: nodes[node ?? -1]?.kind ?? progress.kind,
      patterns: patterns.map(({ machine }, at) => {
        const state = progress.patterns[at] as number
        return state < 0 ? state : machine.step(state, code)
      }),
    }
  }
  const start: Progress = {
    node: 0,
    kind: null,
    patterns: patterns.map((one) => one.machine.start),
  }
  const cuts = ({ node, patterns: reached }: Progress): number[] => [
    ...[...(nodes[node ?? -1]?.next.keys() ?? [])].flatMap((code) => [code, code + 1]),
    ...patterns.flatMap(({ machine }, at) =>
      (reached[at] as number) < 0 ? [] : machine.cuts(reached[at] as number),
    ),
  ]
  return (names) => {
    const settle = (progress: Progress): number => {
      const { node, kind, patterns: reached } = progress
      const isSettled = node === null && (kind !== null || reached.every((state) => state < 0))
      if (!isSettled) return intern(progress)
      return names.has(kindAtEnd(progress)) ? ALL : DEAD
    }
    return remembered({
      start: settle(start),
      accepts: (state) => names.has(kindAtEnd(states[state] as Progress)),
      step: (state, code) => settle(advance(states[state] as Progress, code)),
      cuts: (state) => cuts(states[state] as Progress),
    })
  }
}

function buildTrie(kinds: readonly NormalKind[]): readonly Node[] {
  const nodes: Node[] = [{ next: new Map(), kind: null }]
  for (const { name, prefixes } of kinds)
    for (const prefix of prefixes ?? []) {
      let at = 0
      for (const code of codesOf(prefix)) {
        const { next } = nodes[at] as Node
        if (!next.has(code)) next.set(code, nodes.push({ next: new Map(), kind: null }) - 1)
        at = next.get(code) as number
      }
      ;(nodes[at] as Node).kind ??= name
    }
  return nodes
}
