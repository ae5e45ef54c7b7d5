import { headersOf } from '../../config/language/place.ts'
import type { NormalRoute } from '../../config/shapes/normal-config.ts'
import { type CopyFields, createCopyFields } from '../decide/outgoing-headers.ts'
import { spokenHeaders } from './spoken-headers.ts'
import type { RouteSources } from './table-sources.ts'

/** Compiles which of a request's fields go on; `cleared` are those that a credential may stand in. */
export function compileCopyFields(
  route: NormalRoute,
  cleared: readonly string[],
  { config: { server, clients }, share }: RouteSources,
): CopyFields {
  const spoken = [...spokenHeaders(route), ...headersOf(clients?.places ?? [])]
  const options = { cleared, spoken, underscores: server.underscores }
  return share('fields', options, () => createCopyFields(options))
}
