import { headersOf } from '../../config/language/place.ts'
import { loadCatalogue } from '../../credentials/catalogue.ts'
import { fieldPairs } from '../../http/fields/field-pairs.ts'
import { lowerName } from '../../http/fields/header-names.ts'
import type { RequestHead } from '../../http/message/message.ts'
import type { Snapshot } from '../../routing/snapshot.ts'

/** A client's own id for its request; undefined: it sent none, or a credential in its place, which would stand in every log. */
export function readRequestId(
  { headers, rawHeaders }: RequestHead,
  { scanner, config }: Snapshot,
): string | undefined {
  const sent = headers['x-request-id'] as string | undefined
  if (sent === undefined) return undefined
  if (scanner.next(sent, 0, 'shown') !== null) return undefined
  const known = new Set([
    ...headersOf(loadCatalogue().places),
    ...headersOf(config.clients?.places ?? []),
    'cookie',
    'proxy-authorization',
  ])
  const isCredential = fieldPairs(rawHeaders).some(
    ([name, value]) => known.has(lowerName(name)) && value.includes(sent),
  )
  return isCredential ? undefined : sent
}
