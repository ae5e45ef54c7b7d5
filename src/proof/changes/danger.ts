import {
  compareDecisions,
  type DecisionDifference,
} from '../../routing/decide/explain/compare-decisions.ts'
import { hostsOf } from '../hosts.ts'
import type { Observed } from '../observe.ts'

/** Kinds of change, the most dangerous first. */
export const DANGERS = [
  'a credential reaches another host',
  'what was rejected is forwarded',
  'another credential leaves, or in another place',
  'what was forwarded is rejected',
  'it leaves otherwise',
  'it is answered otherwise',
  'it is decided by another route or rule',
] as const

/** A credential reaches another host. */
export const ANOTHER_HOST = 0

/** Another credential leaves. */
export const ANOTHER_CREDENTIAL = 2

/** It leaves otherwise. */
export const LEAVES_OTHERWISE = 4

/** It is answered otherwise. */
export const ANSWERED_OTHERWISE = 5

/** How dangerous a change is: its place among the kinds of change. */
export function dangerOf(was: Observed, is: Observed): number {
  const [before, after] = [was.decision, is.decision]
  if (after.action === 'reject') {
    if (before.action === 'forward') return 3
    return before.status === after.status && before.code === after.code ? 6 : 5
  }
  const leaves = credentialOf(is)
  if (before.action === 'reject')
    return leaves === null ? 1 : isNewHost([], hostsOf(after.upstream.config)) ? 0 : 1
  if (leaves !== null && isNewHost(hostsOf(before.upstream.config), hostsOf(after.upstream.config)))
    return 0
  if (leaves !== credentialOf(was)) return 2
  const others = compareDecisions(before, after).filter(
    ({ what }) => what !== 'route' && what !== 'rule',
  )
  return others.length > 0 ? 4 : 6
}

function isNewHost(before: readonly string[], after: readonly string[]): boolean {
  return after.some((host) => !before.includes(host))
}

/** What leaves and where, for comparing only; null: no credential does. */
function credentialOf({ decision, explanation, isFallback }: Observed): string | null {
  if (decision.action === 'reject') return null
  const secrets = decision.secrets.map(({ name }) => name).join()
  if (isFallback) return decision.credentialKind ?? (secrets === '' ? null : secrets)
  const leaving = explanation.leaving.filter(({ place }) => place !== null)
  if (leaving.length === 0) return secrets === '' ? null : secrets
  return JSON.stringify([leaving.map(({ place, text }) => [place, text]), secrets])
}

/** How two decisions on one request differ. */
export function differencesOf(was: Observed, is: Observed): readonly DecisionDifference[] {
  return compareDecisions(was.decision, is.decision)
}
