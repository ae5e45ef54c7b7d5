import { formatPlace } from '../../config/language/place.ts'
import { fieldPairs } from '../../http/fields/field-pairs.ts'
import type { Decision, Forward } from '../../routing/decide/decision.ts'
import {
  describeFallbacks,
  describeUpstream,
  type ExplainSubject,
} from '../../routing/decide/explain/describe-explanation.ts'
import type {
  ExplainedCondition,
  ExplainedRule,
  Explanation,
} from '../../routing/decide/explain/explain.ts'

const NEAREST_MISSES = 5

/** An explanation for a person; credentials in it are still to be redacted. */
export function formatExplanation(subject: ExplainSubject): string {
  const { view, explanation } = subject
  const lines = [
    `${view.method} ${view.target}`,
    '',
    ...formatRoute(explanation),
    ...formatCredential(subject),
    ...formatRules(explanation.rules),
    ...formatLeaving(subject),
    ...formatDecision(subject, explanation.decision),
  ]
  return `${lines.join('\n')}\n`
}

const label = (name: string): string => name.padEnd(12)

function formatRoute({ route, otherRoutes, decision }: Explanation): string[] {
  if (route !== null) {
    const outranked = otherRoutes.filter((other) => other.isOutranked)
    return [
      `${label('route')}${route}`,
      ...outranked.map(
        (other) => `${label('')}rather than ${other.name} (${other.path}), which matches too`,
      ),
    ]
  }
  // What is refused as it stands is not looked up, whatever route its path would fit.
  if (decision.action === 'reject' && decision.code !== 'no_route')
    return [`${label('route')}none is looked for`]
  if (otherRoutes.length === 0) return [`${label('route')}none: the file has none`]
  const nearest = otherRoutes.slice(0, NEAREST_MISSES)
  return [
    `${label('route')}none matches; the nearest:`,
    ...nearest.map(
      (other) => `${label('')}${other.name} (${other.path}): ${other.misses.join('; ')}`,
    ),
  ]
}

function formatCredential({ explanation, redactor }: ExplainSubject): string[] {
  const { credential, route } = explanation
  if (credential === null)
    return [`${label('credential')}${route === null ? 'looked for when a route matches' : 'none'}`]
  const { kind, scheme, source, value } = credential
  const how = scheme === null ? 'without a scheme' : `under the scheme ${scheme}`
  return [`${label('credential')}${kind} ${redactor.fingerprint(value)}, in ${source} ${how}`]
}

/** What goes along with the one credential, and what stays behind. */
function formatLeaving({ explanation, redactor }: ExplainSubject): string[] {
  const { leaving, dropped } = explanation
  const along = leaving.slice(1).map(({ place, kind, value }, index) => {
    const what = `${kind?.name ?? 'unknown'} ${redactor.fingerprint(value)}`
    return `${label(index === 0 ? 'also' : '')}${what}, in ${place ? formatPlace(place) : ''}`
  })
  const left = dropped.map(
    ({ kind, source, value }, index) =>
      `${label(index === 0 ? 'dropped' : '')}${kind} ${redactor.fingerprint(value)}, in ${source}`,
  )
  return [...along, ...left]
}

const MARKS = { held: '+', else: '+', 'passed over': '-', 'not reached': ' ' } as const

function formatRules(rules: readonly ExplainedRule[]): string[] {
  return rules.flatMap((rule, index) => [
    `${label(index === 0 ? 'rules' : '')}${MARKS[rule.verdict]} ${rule.name}: ${describeRule(rule)}`,
    ...formatParts(rule.condition, 1),
  ])
}

function describeRule({ verdict, condition }: ExplainedRule): string {
  if (verdict === 'not reached') return 'not reached'
  if (condition === null) return 'always holds'
  if (condition.holds) return `holds: ${condition.description}`
  const why = condition.observed
    ? `${condition.description}; ${condition.observed}`
    : condition.description
  return verdict === 'else' ? `does not hold, so its else: ${why}` : `does not hold: ${why}`
}

function formatParts(condition: ExplainedCondition | null, depth: number): string[] {
  if (condition === null || condition.parts.length < 2) return []
  return condition.parts.flatMap((part) => [
    `${label('')}${'  '.repeat(depth)}${part.holds ? '+' : '-'} ${part.description}${part.observed ? `; ${part.observed}` : ''}`,
    ...formatParts(part, depth + 1),
  ])
}

function formatDecision(subject: ExplainSubject, decision: Decision): string[] {
  if (decision.action === 'reject')
    return [`${label('answer')}${decision.status} ${decision.code}: ${decision.message}`]
  const { name, url, targets, provider, accepts } = describeUpstream(
    decision.upstream.config,
    subject.loaded,
  )
  const known = provider as { name: string; rules: string[] } | null
  return [
    `${label('upstream')}${name} (${(targets as string[]).join(', ') || url})`,
    ...(known
      ? [`${label('')}provider ${known.name}: default rules ${known.rules.join(', ') || 'none'}`]
      : []),
    ...(accepts ? [`${label('')}accepts ${(accepts as string[]).join(', ')}`] : []),
    ...formatFallbacks(decision),
    `${label('path')}${decision.target}`,
    ...formatHeaders(subject, decision),
  ]
}

function formatFallbacks(decision: Forward): string[] {
  return describeFallbacks(decision).map(({ upstream, on, refused }, index) => {
    const where = refused === null ? upstream : `${upstream}, where it would be refused: ${refused}`
    return `${label(index === 0 ? 'fallback' : '')}on ${on.join(', ')}: ${where}`
  })
}

/** The fields before and after as one list: `-` does not leave, `+` is new, the rest goes on as it came. */
function formatHeaders({ view }: ExplainSubject, decision: Forward): string[] {
  const before = lines(view.headers)
  const after = lines(['Host', decision.upstream.host, ...decision.headers])
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`)
  const leaving = after.map((line) => `${before.includes(line) ? ' ' : '+'} ${line}`)
  return [...gone, ...leaving].map((line, index) => `${label(index === 0 ? 'headers' : '')}${line}`)
}

function lines(fields: readonly string[]): string[] {
  return fieldPairs(fields).map(([name, value]) => `${name.toLowerCase()}: ${value}`)
}
