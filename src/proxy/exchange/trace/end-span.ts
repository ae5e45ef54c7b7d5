import type { NormalConfig } from '../../../config/shapes/normal-config.ts'
import type { EndSpan, RequestSpan } from '../../../observability/tracing.ts'
import type { Incoming } from '../incoming.ts'

/** Creates what ends the span of a request. */
export function createEndSpan(
  span: RequestSpan,
  { connection, request, context }: Pick<Incoming, 'connection' | 'request' | 'context'>,
): EndSpan {
  return (record, clientIp) =>
    span.end({
      record,
      pattern: patternOf(context.store.current.config, record.route),
      address: clientIp ?? connection.peerIp,
      httpVersion: request.httpVersion,
      scheme: connection.protocol,
    })
}

const patterns = new WeakMap<NormalConfig, ReadonlyMap<string, string>>()

function patternOf(config: NormalConfig, route: string | null): string | null {
  if (route === null) return null
  let known = patterns.get(config)
  if (known === undefined) {
    known = new Map(config.routes.map(({ name, match }) => [name, match.path]))
    patterns.set(config, known)
  }
  return known.get(route) ?? null
}
