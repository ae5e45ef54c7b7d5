import type { Finding } from '../diagnostics/finding.ts'
import type { DiagnosticCode } from '../shapes/diagnostic-code.ts'
import { type Document, isContainer, type Path } from '../text/document.ts'

/** Whether the part at a path fits the schema, as far as the later checks need it to. */
export type IsSound = (path: Path) => boolean

/** A document as far as it fits the schema. */
export interface Repaired {
  readonly document: Document
  readonly isSound: IsSound
}

/** Errors that leave a value of the right type, which can be looked at all the same. */
const HARMLESS: ReadonlySet<DiagnosticCode> = new Set([
  'bad-name',
  'empty',
  'out-of-range',
  'wrong-format',
  'wrong-value',
])

/**
 * Leaves out of each route what does not fit, so that the rest of it can be checked; a rule, and an
 * entry of another section, is either whole or not looked at.
 */
export function repairDocument(document: Document, findings: readonly Finding[]): Repaired {
  const broken = new Set<string>()
  const leftOut: Path[] = []
  for (const { code, path } of findings) {
    if (isHarmless(code, path)) continue
    const part = partOfRoute(code, path)
    if (part) leftOut.push(part)
    else broken.add(keyOf(unitOf(path)))
  }
  const isSound: IsSound = (path) =>
    broken.size === 0 || !path.some((_, depth) => broken.has(keyOf(path.slice(0, depth + 1))))
  if (leftOut.length === 0) return { document, isSound }
  const value = leftOut.reduce<unknown>((root, path) => without(root, path), document.value)
  return { document: { ...document, value: withWholeRoutes(value, leftOut) }, isSound }
}

/** What is wrong at the top of the file does no harm to what stands beside it. */
function isHarmless(code: DiagnosticCode, path: Path): boolean {
  if (path.length === 0 || (code === 'unknown-key' && path.length === 1)) return true
  return HARMLESS.has(code) && !(code === 'empty' && path.includes('rules'))
}

/** The part of a route that is left out for an error in it; null: the error lies in a rule, or elsewhere. */
function partOfRoute(code: DiagnosticCode, path: Path): Path | null {
  if (path[0] !== 'routes' || path.length < (code === 'missing-key' ? 2 : 3)) return null
  if (ruleDepth(path) !== null) return null
  let end = path.length
  while (end > 2 && typeof path[end - 1] === 'number') end--
  return path.slice(0, end)
}

/** How many steps lead to the rule that a path leads into; null: into none. */
function ruleDepth(path: Path): number | null {
  if (path[0] !== 'routes') return null
  const at = path.indexOf('rules')
  return (at === 2 || (at === 4 && path[2] === 'fallback')) && path.length > at + 1 ? at + 2 : null
}

/** Sections that are no list of entries. */
const WHOLE_SECTIONS: ReadonlySet<Path[number] | undefined> = new Set([
  'server',
  'clients',
  'audit',
])

/** The smallest part that an error makes unusable: a rule, else an entry of a section. */
function unitOf(path: Path): Path {
  if (WHOLE_SECTIONS.has(path[0])) return path.slice(0, 1)
  return path.slice(0, ruleDepth(path) ?? 2)
}

/** A copy of a value without what stands at a path; a whole route stays, as does an item of a list. */
function without(node: unknown, path: Path): unknown {
  const [step, ...rest] = path
  if (step === undefined || !isContainer(node) || !Object.hasOwn(node, step)) return node
  const copy = (Array.isArray(node) ? [...node] : { ...node }) as Record<string | number, unknown>
  if (rest.length > 0) copy[step] = without(copy[step], rest)
  else if (!Array.isArray(copy)) delete copy[step]
  return copy
}

/** Routes with what the checks of the rest take for granted: a name and a match that takes all. */
function withWholeRoutes(root: unknown, leftOut: readonly Path[]): unknown {
  const { routes } = root as { routes?: unknown }
  if (!Array.isArray(routes)) return root
  const touched = new Set(leftOut.map((path) => path[1]))
  return {
    ...(root as object),
    routes: routes.map((route, index) =>
      touched.has(index) && isContainer(route)
        ? { name: '', ...route, match: matchOf(route) }
        : route,
    ),
  }
}

function matchOf(route: object): object {
  const { match } = route as { match?: unknown }
  return isContainer(match) ? { path: '/*', ...match } : { path: '/*' }
}

function keyOf(path: Path): string {
  return JSON.stringify(path)
}
