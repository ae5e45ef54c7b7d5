import { headersOf } from '../../config/language/place.ts'
import { decodings, type KindScanner } from '../../config/naming/kind-scanner.ts'
import { secretFields } from '../../credentials/show/secret-fields.ts'
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
  if (isNamed(sent, scanner)) return undefined
  const secret = secretFields(headersOf(config.clients?.places ?? []))
  const isCredential = fieldPairs(rawHeaders).some(
    ([name, value]) => secret.has(lowerName(name)) && value.includes(sent),
  )
  return isCredential ? undefined : sent
}

/** Whether it can be named as a credential, as it stands or percent-encoded. */
function isNamed(text: string, scanner: KindScanner): boolean {
  return [text, ...decodings(text)].some((form) => scanner.next(form, 0, 'shown') !== null)
}
