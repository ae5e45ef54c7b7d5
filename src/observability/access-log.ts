import type { DestinationStream, Logger } from 'pino'
import { createAccessNames } from './access-names.ts'
import type { AccessSample } from './access-sample.ts'
import type { ExchangeRecord, OnExchange } from './exchange-record.ts'

/** What createAccessLog builds from. */
export interface AccessLogOptions {
  readonly log: Logger
  readonly destination: DestinationStream
  readonly sample: AccessSample
}

/** Creates what writes one line a request. */
export function createAccessLog({ log, destination, sample }: AccessLogOptions): OnExchange {
  const head = createHead()
  const namesOf = createAccessNames()
  const methodPart = createLatestText((method) => `,"method":${JSON.stringify(method)},"path":"`)
  const clientPart = createLatestText(
    (client) => `,"client":${JSON.stringify(client)},"durationMs":`,
  )
  // Put together here, as a serializer takes several times as long, and of as few pieces as can be.
  const format = (record: ExchangeRecord): string => {
    const { id, traceId, method, path, client, durationMs } = record
    // Known to be hex.
    const trace = traceId === null ? '' : `,"traceId":"${traceId}"`
    const request = `${head()},"id":"${escaped(id)}"${trace}${methodPart(method)}${escaped(path)}`
    return `${request}",${namesOf(record)}${clientPart(client)}${formatTenths(durationMs)},"msg":"request"}\n`
  }
  return (record) => {
    if (log.isLevelEnabled('info') && sample.takes(record)) destination.write(format(record))
  }
}

/** What a line begins with; put together once a millisecond. */
function createHead(): () => string {
  let time = 0
  let head = ''
  return () => {
    const now = Date.now()
    if (now === time) return head
    time = now
    head = `{"level":"info","time":"${new Date(now).toISOString()}","pid":${process.pid}`
    return head
  }
}

/** ASCII that JSON takes as it is, which nearly every value is made of. */
const PLAIN = /^[ !#-[\]-~]*$/

function escaped(text: string): string {
  return PLAIN.test(text) ? text : JSON.stringify(text).slice(1, -1)
}

/** What is written of a text that is mostly the one before. */
function createLatestText(write: (text: string | null) => string): (text: string | null) => string {
  let latest: string | null = null
  let written = write(latest)
  return (text) => {
    if (text !== latest) {
      latest = text
      written = write(text)
    }
    return written
  }
}

/** A number with one digit behind the point, from whole numbers, which are written much faster. */
function formatTenths(value: number): string {
  const tenths = Math.round(value * 10)
  const digit = tenths % 10
  return digit === 0 ? `${tenths / 10}` : `${(tenths - digit) / 10}.${digit}`
}
