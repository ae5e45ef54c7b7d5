import { fieldPairs } from '../../../http/fields/field-pairs.ts'
import { lowerName } from '../../../http/fields/header-names.ts'
import type { Decision, Forward } from '../decision.ts'

/** One respect in which two decisions on one request differ; names only, no header's value. */
export interface DecisionDifference {
  /** Such as `upstream` or `header x-api-key`. */
  readonly what: string
  readonly before: string
  readonly after: string
}

/** Says how two decisions on one request differ; an empty list where they are the same. */
export function compareDecisions(before: Decision, after: Decision): DecisionDifference[] {
  const differences = [
    difference('answer', describeAnswer(before), describeAnswer(after)),
    difference('route', before.route, after.route),
    difference('rule', before.rule, after.rule),
  ]
  if (before.action === 'forward' && after.action === 'forward')
    differences.push(
      difference('upstream', urlsOf(before), urlsOf(after)),
      difference('path', pathOf(before), pathOf(after)),
      hasSameQuery(before, after) ? null : { what: 'query', before: 'one', after: 'another' },
      ...compareHeaders(before, after),
    )
  return differences.filter((one) => one !== null)
}

function difference(
  what: string,
  before: string | null,
  after: string | null,
): DecisionDifference | null {
  return before === after ? null : { what, before: before ?? 'none', after: after ?? 'none' }
}

function describeAnswer(decision: Decision): string {
  return decision.action === 'forward' ? 'forwarded' : `${decision.status} ${decision.code}`
}

function urlsOf({ upstream }: Forward): string {
  return upstream.config.targets.map(({ url }) => url).join(' ')
}

function pathOf({ target }: Forward): string {
  return target.split('?', 1)[0] as string
}

function hasSameQuery(before: Forward, after: Forward): boolean {
  return before.target.slice(pathOf(before).length) === after.target.slice(pathOf(after).length)
}

function compareHeaders(before: Forward, after: Forward): (DecisionDifference | null)[] {
  const old = groupValues(before.headers)
  const now = groupValues(after.headers)
  return [...new Set([...old.keys(), ...now.keys()])].map((name) => {
    const [was, is] = [old.get(name), now.get(name)]
    if (was === is) return null
    const state = (value: string | undefined): string =>
      value === undefined ? 'absent' : 'present'
    const isBoth = was !== undefined && is !== undefined
    return isBoth
      ? { what: `header ${name}`, before: 'one value', after: 'another' }
      : { what: `header ${name}`, before: state(was), after: state(is) }
  })
}

function groupValues(fields: readonly string[]): Map<string, string> {
  const values = new Map<string, string>()
  for (const [field, value] of fieldPairs(fields)) {
    const name = lowerName(field)
    const earlier = values.get(name)
    values.set(name, earlier === undefined ? value : `${earlier}\n${value}`)
  }
  return values
}
