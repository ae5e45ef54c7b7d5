import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** One export as it came. */
export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** A server that takes what OTLP's HTTP exporters send. */
export interface Collector {
  readonly url: string
  readonly received: readonly Received[]
  /** Spans of all exports in JSON, in the order they came. */
  readonly spans: () => readonly Span[]
  readonly close: () => void
}

/** A span as JSON has it, its attributes as a map. */
export interface Span {
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly status: { readonly code: number }
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Starts one; `mute` takes everything and answers nothing. */
export async function startCollector(behaviour: 'takes' | 'mute' = 'takes'): Promise<Collector> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    received.push({ path: request.url ?? '', headers: request.headers, body })
    if (behaviour === 'takes')
      response.writeHead(200, { 'content-type': request.headers['content-type'] }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    spans: () => received.filter(({ path }) => path === '/v1/traces').flatMap(readSpans),
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

interface RawSpan extends Omit<Span, 'attributes'> {
  readonly attributes: readonly { readonly key: string; readonly value: object }[]
}

function readSpans({ body }: Received): readonly Span[] {
  const { resourceSpans } = JSON.parse(body.toString()) as {
    resourceSpans: { scopeSpans: { spans: RawSpan[] }[] }[]
  }
  const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans))
  return spans.map((span) => ({
    ...span,
    attributes: Object.fromEntries(
      span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]),
    ),
  }))
}

/** Fields of a Protocol Buffers message (https://protobuf.dev/programming-guides/encoding/). */
export function readProtobuf(bytes: Buffer): readonly { field: number; value: Buffer | bigint }[] {
  const fields: { field: number; value: Buffer | bigint }[] = []
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] as number
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const size = { 1: 8, 5: 4 }[tag & 7] ?? ((tag & 7) === 2 ? Number(varint()) : null)
    fields.push({
      field: tag >> 3,
      value: size === null ? varint() : bytes.subarray(at, at + size),
    })
    at += size ?? 0
  }
  return fields
}

/** What stands under numbers of fields, one within the other. */
export function under(bytes: Buffer, ...way: readonly number[]): readonly Buffer[] {
  const [field, ...rest] = way
  if (field === undefined) return [bytes]
  return readProtobuf(bytes)
    .filter((one) => one.field === field)
    .flatMap(({ value }) => (Buffer.isBuffer(value) ? under(value, ...rest) : []))
}
