import type { DestinationStream, Logger } from 'pino'
import { type AccessNames, createAccessNames } from './access-names.ts'
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
  return (record) => {
    if (!log.isLevelEnabled('info') || !sample.takes(record)) return
    destination.write(`${head()},${formatRecord(record, namesOf(record))}}\n`)
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

/** A record as the members of a JSON object; put together here, as a serializer takes several times as long. */
function formatRecord(record: ExchangeRecord, { way, who }: AccessNames): string {
  const { id, traceId, method, path, status, origin, code } = record
  // Known to be hex.
  const trace = traceId === null ? '' : `,"traceId":"${traceId}"`
  const request = `"id":${quote(id)}${trace},"method":${quote(method)},"path":${quote(path)}`
  const answer = `"status":${status},"origin":"${origin}","code":${quote(code)}`
  return `${request},${way},${answer},${who},"durationMs":${formatTenths(record.durationMs)},"msg":"request"`
}

/** ASCII that JSON takes as it is, which nearly every value is made of. */
const PLAIN = /^[ !#-[\]-~]*$/

function quote(text: string | null): string {
  if (text === null) return 'null'
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}

/** A number with one digit behind the point, from whole numbers, which are written much faster. */
function formatTenths(value: number): string {
  const tenths = Math.round(value * 10)
  const digit = tenths % 10
  return digit === 0 ? `${tenths / 10}` : `${(tenths - digit) / 10}.${digit}`
}
