import type { DiagnosticCode } from '../shapes/diagnostic-code.ts'
import type { Block } from '../text/blocks.ts'
import type { Document, Path } from '../text/document.ts'
import { findSpan } from './find-span.ts'
import type { Finding } from './finding.ts'

/** What other findings may follow from. */
export interface Causes {
  /** Faults of the text itself. */
  readonly syntax: readonly Finding[]
  /** Blocks that could not be read. */
  readonly damage: readonly Block[]
  /** Variables that are not set. */
  readonly environment: readonly Finding[]
  /** What does not fit the schema. */
  readonly schema: readonly Finding[]
  /** What is told of that. */
  readonly told: readonly Finding[]
}

type Test = (finding: Finding) => boolean

/** Leaves out findings that follow from another one: one cause, one finding. */
export function withoutConsequences(
  document: Document,
  causes: Causes,
  findings: readonly Finding[],
): readonly Finding[] {
  const tests: readonly Test[] = [
    onLinesOf(document, causes.syntax),
    inDamage(causes.damage),
    ofMissing(causes.environment),
    ofSchemaErrors(causes.schema, causes.told),
    ofBrokenMatches([...causes.schema, ...findings]),
    ofBrokenRules(findings),
  ]
  return findings.filter((finding) => !tests.some((follows) => follows(finding)))
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((step, depth) => path[depth] === step)
}

/** What stands on a line that can't be read as it was meant. */
function onLinesOf(document: Document, syntax: readonly Finding[]): Test {
  if (syntax.length === 0) return () => false
  const lineOf = (offset: number): number => document.text.lastIndexOf('\n', offset - 1)
  const lines = new Set(syntax.map(({ span }) => lineOf(span?.start ?? 0)))
  return ({ path, part, span }) =>
    lines.has(lineOf((span ?? findSpan(document, path, part ?? 'value')).start))
}

/** Sections whose names are looked up, by the code of a look-up that fails. */
const SECTIONS: Partial<Record<DiagnosticCode, string>> = {
  'undefined-upstream': 'upstreams',
  'undefined-secret': 'secrets',
  'undefined-kind': 'credentials',
  'undefined-client': 'clients',
  'undefined-route': 'routes',
  'undefined-rule': 'routes',
}

function inDamage(damage: readonly Block[]): Test {
  const broken = new Set(damage.map(({ path }) => path?.[0]))
  return ({ code, path }) => {
    const section = SECTIONS[code]
    if (section !== undefined && (broken.has(section) || broken.has(undefined))) return true
    if (broken.has(undefined) && path.length === 0) return true
    return damage.some(
      (block) => block.path && (startsWith(path, block.path) || startsWith(block.path, path)),
    )
  }
}

/** What is said of a text that holds a variable which is not set. */
function ofMissing(environment: readonly Finding[]): Test {
  const own = new Set(environment)
  return (finding) =>
    !own.has(finding) && environment.some(({ path }) => startsWith(finding.path, path))
}

/** What is said of a part that does not fit the schema, of what holds it, or of names in it. */
function ofSchemaErrors(schema: readonly Finding[], told: readonly Finding[]): Test {
  const own = new Set(told)
  const sections = new Set(
    schema.filter(({ path }) => path.length === 1).map(({ path }) => path[0]),
  )
  return (finding) => {
    if (own.has(finding)) return false
    const section = SECTIONS[finding.code]
    if (section !== undefined && sections.has(section)) return true
    return schema.some(
      ({ path }) =>
        path.length > 0 && (startsWith(finding.path, path) || startsWith(path, finding.path)),
    )
  }
}

/** Findings that rest on a route's path, and those that compare it with other routes. */
const OF_PATHS: ReadonlySet<DiagnosticCode> = new Set(['bad-strip', 'undefined-capture'])
const OF_MATCHES: ReadonlySet<DiagnosticCode> = new Set(['duplicate-match', 'shadowed-route'])

function ofBrokenMatches(findings: readonly Finding[]): Test {
  const broken = findings.filter(
    ({ code, severity, path }) =>
      severity === 'error' &&
      !OF_MATCHES.has(code) &&
      path[0] === 'routes' &&
      (path[2] === 'match' || (path.length === 2 && code === 'missing-key')),
  )
  const routes = new Set(
    broken.filter(({ path }) => path.length < 4 || path[3] === 'path').map(({ path }) => path[1]),
  )
  return ({ code, path }) =>
    (OF_MATCHES.has(code) && broken.length > 0) || (OF_PATHS.has(code) && routes.has(path[1]))
}

/** Doubts that rest on the rules before, and errors that say nothing against a rule's own meaning. */
const OF_RULES: ReadonlySet<DiagnosticCode> = new Set(['catches-other-kind', 'unanchored-pattern'])
const READABLE: ReadonlySet<DiagnosticCode> = new Set(['never-holds', 'unreachable-rule'])

function ofBrokenRules(findings: readonly Finding[]): Test {
  const errors = findings.filter(
    ({ code, severity }) => severity === 'error' && !READABLE.has(code),
  )
  const sets = new Set(errors.map(({ path }) => setOf(path)))
  const slashed = findings.filter(({ code }) => code === 'regex-in-slashes')
  return ({ code, path }) =>
    (OF_RULES.has(code) && sets.has(setOf(path))) ||
    (code === 'never-holds' && slashed.some((other) => startsWith(other.path, path)))
}

/** The rules that a path leads into: those of a route, or of one of its fallbacks. */
function setOf(path: Path): string | null {
  const depth = path.lastIndexOf('rules')
  return depth < 0 ? null : path.slice(0, depth + 1).join('/')
}
