import type { LoadResult } from '../config/load.ts'
import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import type { NormalConfig } from '../config/shapes/normal-config.ts'

/** What grows with a file. */
type Lists = Pick<NormalConfig, 'routes' | 'upstreams' | 'tests'> & {
  readonly diagnostics: readonly Diagnostic[]
}

/** Entries of one list of a result; the last piece is the result with these lists empty. */
export type Piece =
  | { readonly isLast: false; readonly list: keyof Lists; readonly entries: readonly never[] }
  | { readonly isLast: true; readonly rest: LoadResult }

/** As many as are read from a message within a few milliseconds. */
const ENTRIES = 200

/** Cuts a result into pieces, each small enough to be taken over between two requests. */
export function cutResult({ config, diagnostics, routeLines }: LoadResult): Piece[] {
  const lists: Partial<Lists> =
    config === null ? { diagnostics } : { ...listsOf(config), diagnostics }
  const rest = config && { ...config, routes: [], upstreams: [], tests: [] }
  return [
    ...Object.entries(lists).flatMap(([list, entries]) => cutList(list as keyof Lists, entries)),
    { isLast: true, rest: { config: rest, diagnostics: [], routeLines } },
  ]
}

function listsOf({ routes, upstreams, tests }: NormalConfig): Omit<Lists, 'diagnostics'> {
  return { routes, upstreams, tests }
}

function cutList(list: keyof Lists, entries: readonly unknown[]): Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < entries.length; at += ENTRIES)
    pieces.push({ isLast: false, list, entries: entries.slice(at, at + ENTRIES) as never[] })
  return pieces
}

/** Puts the pieces of a result together again. */
export function joinResult(pieces: readonly Piece[]): LoadResult {
  const lists = { routes: [], upstreams: [], tests: [], diagnostics: [] }
  let rest: LoadResult = { config: null, diagnostics: [], routeLines: [] }
  for (const piece of pieces) {
    if (piece.isLast) rest = piece.rest
    else lists[piece.list].push(...piece.entries)
  }
  const { diagnostics, ...ofConfig } = lists
  return { ...rest, config: rest.config && { ...rest.config, ...ofConfig }, diagnostics }
}
