import { formatPlace } from '../../../config/language/place.ts'
import type { Catalogue } from '../../../config/shapes/catalogue.ts'
import type { NormalUpstream } from '../../../config/shapes/normal-upstream.ts'
import type { Redactor } from '../../../credentials/show/redact.ts'
import { fieldPairs } from '../../../http/fields/field-pairs.ts'
import type { RequestView } from '../../rules/request-view.ts'
import type { Forward } from '../decision.ts'
import type { Explanation } from './explain.ts'

/** Where providers are looked up. */
export interface ExplainSources {
  readonly catalogue: Catalogue
}

/** What is explained, and with what. */
export interface ExplainSubject {
  readonly view: RequestView
  readonly explanation: Explanation
  readonly loaded: ExplainSources
  readonly redactor: Redactor
}

/** An explanation as data; credentials in it are still to be redacted. */
export function describeExplanation(subject: ExplainSubject): Record<string, unknown> {
  const { view, explanation, redactor } = subject
  const { credential, dropped, leaving, decision, route, rules, otherRoutes } = explanation
  return {
    request: { method: view.method, path: view.target, headers: fieldPairs(view.headers) },
    credential: credential && {
      kind: credential.kind,
      scheme: credential.scheme,
      source: credential.source,
      fingerprint: redactor.fingerprint(credential.value),
    },
    alsoLeaves: leaving.slice(1).map(({ place, kind, value }) => ({
      kind: kind?.name ?? 'unknown',
      place: place && formatPlace(place),
      fingerprint: redactor.fingerprint(value),
    })),
    dropped: dropped.map(({ kind, source, value }) => ({
      kind,
      source,
      fingerprint: redactor.fingerprint(value),
    })),
    route,
    rules,
    decision:
      decision.action === 'forward'
        ? {
            action: 'forward',
            rule: decision.rule,
            upstream: describeUpstream(decision.upstream.config, subject.loaded),
            path: decision.target,
            headers: fieldPairs(['Host', decision.upstream.host, ...decision.headers]),
            fallbacks: describeFallbacks(decision),
          }
        : {
            action: 'reject',
            rule: decision.rule,
            status: decision.status,
            code: decision.code,
            message: decision.message,
          },
    otherRoutes,
  }
}

/** An upstream with what its provider stands for. */
export function describeUpstream(
  { name, url, targets, provider, accepts, errors }: NormalUpstream,
  { catalogue }: ExplainSources,
): Record<string, unknown> {
  const known = catalogue.providers.find((one) => one.name === provider)
  return {
    name,
    url,
    targets: targets.map((target) => target.url),
    accepts,
    errors: errors ?? 'problem',
    provider: known
      ? {
          name: known.name,
          description: known.description,
          rules: known.rules.map((rule) => rule.name),
        }
      : null,
  }
}

/** Where the request would go if its upstream failed, and what would refuse it there. */
export function describeFallbacks({ fallbacks }: Forward): {
  readonly upstream: string
  readonly on: readonly string[]
  /** A rejection's code; null: it may go there. */
  readonly refused: string | null
}[] {
  return fallbacks.map(({ upstream, on, decide }) => {
    const decision = decide()
    const refused = decision.action === 'reject' ? decision.code : null
    return { upstream, on: on.map(String), refused }
  })
}
