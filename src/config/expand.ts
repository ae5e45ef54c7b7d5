import type { Config, Route, Rule, Upstream } from './config.generated.ts'
import { type Document, isContainer, type Path, verbatimOffset } from './document.ts'
import type { Report } from './finding.ts'
import { parseSentence } from './sentence.ts'
import { reportSentence } from './sentence-error.ts'
import type { IsSound } from './soundness.ts'

/**
 * Replaces the short forms of a document by the long ones: sentences, bare URLs and bare placements
 * after `else`. Parts that do not fit the schema stay as they are; sentences that can't be read are
 * reported and stay too.
 */
export function expandDocument(document: Document, isSound: IsSound, report: Report): Document {
  if (!isContainer(document.value)) return document
  const expansion: Expansion = { document, isSound, report, synthetic: new Set() }
  const root = document.value as Partial<Config>
  const value = mapChildren(document, root, (child, section) => {
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
}

function expandUpstreams(expansion: Expansion, upstreams: object): object {
  return mapChildren(expansion.document, upstreams, (upstream: Upstream, name) =>
    typeof upstream === 'string' ? wrap(expansion, upstreams, name, 'url', upstream) : upstream,
  )
}

function expandRoutes(expansion: Expansion, routes: readonly Route[]): object {
  return mapChildren(expansion.document, routes, (route: Route, index) => {
    const path = ['routes', Number(index)]
    if (!expansion.isSound(path) || !route.rules) return route
    return mapChildren(expansion.document, route, (child, key) =>
      key === 'rules' ? expandRules(expansion, child as Rule[], path) : child,
    )
  })
}

function expandRules(expansion: Expansion, rules: readonly Rule[], route: Path): object {
  return mapChildren(expansion.document, rules, (rule: Rule, index) => {
    const path = [...route, 'rules', Number(index)]
    if (!expansion.isSound(path)) return rule
    if (typeof rule === 'string') return expandSentence(expansion, path, rule)
    if (typeof rule.else !== 'string') return rule
    return mapChildren(expansion.document, rule, (child, key) =>
      key === 'else' ? wrap(expansion, rule, 'else', 'use', child) : child,
    )
  })
}

/** A map of one entry, which stands where its value stands. */
function wrap(
  expansion: Expansion,
  parent: object,
  step: string,
  key: string,
  value: unknown,
): object {
  const entries = expansion.document.spans.get(parent)
  const at = 4 * (entries?.keys?.indexOf(step) ?? 0) + 2
  const [start = 0, end = 0] = entries?.offsets.slice(at, at + 2) ?? []
  const map = { [key]: value }
  expansion.document.spans.set(map, { keys: [key], offsets: [start, end, start, end] })
  expansion.synthetic.add(map)
  return map
}

function expandSentence(expansion: Expansion, path: Path, text: string): unknown {
  const { document, report, synthetic } = expansion
  const sentence = reportSentence(() => parseSentence(text), { path, report, code: 'bad-sentence' })
  if (!sentence) return text
  const start = verbatimOffset(document, path, text)
  if (start !== null) reportCutOff(expansion, path, start + text.length)
  for (const [node, { keys, offsets }] of sentence.spans) {
    if (start !== null)
      document.spans.set(node, { keys, offsets: offsets.map((offset) => start + offset) })
    synthetic.add(node)
  }
  return sentence.rule
}

/** A ` #` inside a sentence ends it: YAML takes the rest for a comment. */
function reportCutOff({ document, report }: Expansion, path: Path, end: number): void {
  const rest = /^\s+#\s*(?:else|use|and|or|reject)\s/.exec(document.text.slice(end, end + 80))
  if (!rest || rest[0].includes('\n')) return
  const start = end + rest[0].indexOf('#')
  report({
    code: 'cut-off-sentence',
    severity: 'warning',
    path,
    span: { start, end: document.text.indexOf('\n', start) },
    message: 'YAML takes this for a comment, not for the rest of the sentence',
    hint: 'put the whole sentence in quotes',
  })
}

function isMap(value: unknown): value is object {
  return isContainer(value) && !Array.isArray(value)
}

/** A container with changed children, which keep their places; the same one where nothing changes. */
function mapChildren<C extends object, T>(
  document: Document,
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
  const entries = document.spans.get(container)
  if (entries) document.spans.set(copy, entries)
  return copy as C
}
