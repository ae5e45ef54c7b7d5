import { formatPlace } from '../config/language/place.ts'
import { createFinder } from '../credentials/extract.ts'
import { createKindTeller } from '../credentials/kind-teller.ts'
import { readField } from '../credentials/read-field.ts'
import type { Decision } from '../routing/decide/decision.ts'
import type { Explanation } from '../routing/decide/explain/explain.ts'
import { RequestContext } from '../routing/rules/request-context.ts'
import type { World } from './world.ts'

/** The credential that a fallback has found, which may look elsewhere than its route did; null: none. */
export function fallbackCredential(
  decision: Decision,
  { seen, credential }: Explanation,
  { kinds }: World,
): Explanation['credential'] {
  const { credentialPlace: place, credentialScheme: scheme } = decision
  if (place === null) return null
  const source = formatPlace(place)
  if (credential?.source === source) return credential
  const namedSchemes = new Set(scheme === null ? [] : [scheme])
  const reader = { ...createKindTeller(kinds), namedSchemes }
  const { request, names, query } = new RequestContext(seen)
  for (const { raw } of createFinder([place])(request.headers, names, query)) {
    const reading = readField(place, raw, reader)
    if (reading !== null && reading !== 'malformed')
      return { kind: reading.kind.name, scheme, source, value: reading.value }
  }
  return null
}
