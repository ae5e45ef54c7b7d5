import { verbatimOffset } from '../diagnostics/find-span.ts'
import type { Report } from '../diagnostics/finding.ts'
import { parseSentence } from '../language/sentence.ts'
import { reportSentence } from '../language/sentence-error.ts'
import type { IsSound } from '../schema/repair.ts'
import type { Config, Fallback, Route, Rule, Upstream } from '../shapes/config.generated.ts'
import { type Document, isContainer, type Path } from '../text/document.ts'

/**
 * Replaces the short forms of a document by the long ones: sentences, bare URLs and bare placements
 * after `else`. Parts that do not fit the schema stay as they are; sentences that can't be read are
 * reported and stay too.
 */
export function expandDocument(document: Document, isSound: IsSound, report: Report): Document {
  if (!isContainer(document.value)) return document
  const expansion: Expansion = {
    document,
    isSound,
    report,
    synthetic: new Set(),
    hasCutOff: CUT_OFF.test(document.text),
  }
  const root = document.value as Partial<Config>
  const value = mapChildren(root, (child, section) => {
    if (section === 'upstreams' && isMap(child)) return expandUpstreams(expansion, child)
    return section === 'routes' && Array.isArray(child) ? expandRoutes(expansion, child) : child
  })
  return { ...document, value, synthetic: expansion.synthetic }
}

interface Expansion {
  readonly document: Document
  readonly isSound: IsSound
  readonly report: Report
  /** Maps that stand in no file. */
  readonly synthetic: Set<object>
  /** Whether any comment of the file reads like the rest of a sentence. */
  readonly hasCutOff: boolean
}

function expandUpstreams(expansion: Expansion, upstreams: object): object {
  return mapChildren(upstreams, (upstream: Upstream) =>
    typeof upstream === 'string' ? wrap(expansion, 'url', upstream) : upstream,
  )
}

function expandRoutes(expansion: Expansion, routes: readonly Route[]): object {
  return mapChildren(routes, (route: Route, index) => {
    const path = ['routes', Number(index)]
    if (!expansion.isSound(path) || !(route.rules || route.fallback)) return route
    return mapChildren(route, (child, key) => {
      if (key === 'fallback') return expandFallbacks(expansion, child as Fallback[], path)
      return key === 'rules' ? expandRules(expansion, child as Rule[], path) : child
    })
  })
}

function expandFallbacks(
  expansion: Expansion,
  fallbacks: readonly Fallback[],
  route: Path,
): object {
  return mapChildren(fallbacks, (fallback: Fallback, index) =>
    mapChildren(fallback, (child, key) => {
      const path = [...route, 'fallback', Number(index)]
      return key === 'rules' ? expandRules(expansion, child as Rule[], path) : child
    }),
  )
}

function expandRules(expansion: Expansion, rules: readonly Rule[], route: Path): object {
  return mapChildren(rules, (rule: Rule, index) => {
    const path = [...route, 'rules', Number(index)]
    if (!expansion.isSound(path)) return rule
    if (typeof rule === 'string') return expandSentence(expansion, path, rule)
    if (typeof rule.else !== 'string') return rule
    return mapChildren(rule, (child, key) =>
      key === 'else' ? wrap(expansion, 'use', child) : child,
    )
  })
}

/** A map of one entry, which stands where its value stands. */
function wrap({ synthetic }: Expansion, key: string, value: unknown): object {
  const map = { [key]: value }
  synthetic.add(map)
  return map
}

function expandSentence(expansion: Expansion, path: Path, text: string): unknown {
  const { document, synthetic } = expansion
  const report: Report = (finding) =>
    expansion.report({ ...finding, ...commentHint(document, path, text) })
  const rule = reportSentence(() => parseSentence(text), { path, report, code: 'bad-sentence' })
  if (!rule) return text
  if (expansion.hasCutOff) reportCutOff(expansion, path, text)
  synthetic.add(rule)
  return rule
}

/** Where a sentence that can't be read ends at a comment, that is why. */
function commentHint(document: Document, path: Path, text: string): { hint?: string } {
  const start = verbatimOffset(document, path, text)
  if (start === null) return {}
  const line = document.text.slice(start + text.length).split(/\r?\n/, 1)[0] as string
  const comment = /^\s+(#.*?)\s*$/.exec(line)?.[1]
  if (comment === undefined) return {}
  return { hint: `YAML takes "${comment}" for a comment; put the whole sentence in quotes` }
}

const CUT_OFF = /[^\S\n]#\s*(?:else|use|and|or|reject)\s/

/** A ` #` inside a sentence ends it: YAML takes the rest for a comment. */
function reportCutOff({ document, report }: Expansion, path: Path, text: string): void {
  const start = verbatimOffset(document, path, text)
  if (start === null) return
  const line = document.text.slice(start + text.length).split('\n', 1)[0] as string
  const rest = CUT_OFF.exec(line)
  if (!rest || line.slice(0, rest.index).trim() !== '') return
  const at = start + text.length + line.indexOf('#')
  report({
    code: 'cut-off-sentence',
    severity: 'warning',
    path,
    span: { start: at, end: start + text.length + line.length },
    message: 'YAML takes this for a comment, not for the rest of the sentence',
    hint: 'put the whole sentence in quotes',
  })
}

function isMap(value: unknown): value is object {
  return isContainer(value) && !Array.isArray(value)
}

/** A container with changed children; the same one where nothing changes. */
function mapChildren<C extends object, T>(
  container: C,
  change: (child: T, step: string) => unknown,
): C {
  let copy: Record<string, unknown> | null = null
  for (const step of Object.keys(container)) {
    const child = (container as Record<string, unknown>)[step]
    const next = change(child as T, step)
    if (next === child) continue
    copy ??= (Array.isArray(container) ? [...container] : { ...container }) as Record<
      string,
      unknown
    >
    copy[step] = next
  }
  if (!copy) return container
  return copy as C
}
