import type { Decision } from '../../routing/decide/decision.ts'

/** What was decided, in words that hold no credential, such as `forwarded to "anthropic" by route "a", rule "b"`. */
export function describeDecision(decision: Decision): string {
  const { route, rule } = decision
  const by = route === null ? '' : ` by route "${route}"${rule === null ? '' : `, rule "${rule}"`}`
  if (decision.action === 'forward') return `forwarded to "${decision.upstream.config.name}"${by}`
  return `rejected with ${decision.status} ${decision.code}${by}`
}
