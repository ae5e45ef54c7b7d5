import type { ConfigView, PlacedRoute, Status } from './answers.ts'

/** What is told beside a line of the file: a route's or a rule's hits since the start. */
export interface Mark {
  readonly kind: 'route' | 'rule'
  readonly name: string
  readonly hits: number
  /** Hits for which a rule's `if` did not hold, and its `else` was taken. */
  readonly otherwise: number
}

/** Marks by line. */
export type Marks = ReadonlyMap<number, readonly Mark[]>

type Hits = Status['traffic']['routes']

/** Finds what stands beside each line; rules of a provider stand beside their route. */
export function markLines(routes: readonly PlacedRoute[], hits: Hits): Marks {
  const counted = new Map(hits.map((one) => [one.route, one]))
  const marks = new Map<number, Mark[]>()
  const add = (line: number | null, mark: Mark): void => {
    if (line !== null) marks.set(line, [...(marks.get(line) ?? []), mark])
  }
  for (const { route, line, rules } of routes) {
    const { requests = 0, rules: taken = [] } = counted.get(route) ?? {}
    add(line, { kind: 'route', name: route, hits: requests, otherwise: 0 })
    for (const { rule, line: own } of rules) {
      const { then = 0, else: otherwise = 0 } = taken.find((one) => one.rule === rule) ?? {}
      add(own ?? line, { kind: 'rule', name: rule, hits: then, otherwise })
    }
  }
  return marks
}

/** Whether nothing has matched it since the start. */
export function isUnmatched({ hits, otherwise }: Mark): boolean {
  return hits + otherwise === 0
}

/** The rules that nothing has matched, each with its line. */
export function unmatchedRules(marks: Marks): readonly (readonly [number, Mark])[] {
  return [...marks].flatMap(([line, all]) =>
    all
      .filter((mark) => mark.kind === 'rule' && isUnmatched(mark))
      .map((mark) => [line, mark] as const),
  )
}

/** The file's lines. */
export function linesOf({ text }: ConfigView['live']): readonly string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/)
}
