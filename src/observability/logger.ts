import { type DestinationStream, pino } from 'pino'
import { createAccessLog } from './access-log.ts'
import { describeError } from './describe-error.ts'
import type { ExchangeRecord } from './exchange-record.ts'

export { describeError, type ErrorFields } from './describe-error.ts'

/** Names of the levels, from least to most said. */
export type LogLevel = 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'

/** Fields of one line: an allow-list by hand, never a header, a URL with a query or an error as it came. */
export type LogFields = Readonly<Record<string, unknown>>

/** Writes one JSON line: fields first, then a constant message. */
export type LogLine = (fields: LogFields, message: string) => void

/** JSON log, one line an event. */
export interface Logger {
  readonly fatal: LogLine
  readonly error: LogLine
  readonly warn: LogLine
  readonly info: LogLine
  readonly debug: LogLine
  readonly trace: LogLine
  /** The line of one request that is over, as info: written with others, within a quarter of a second. */
  readonly request: (record: ExchangeRecord) => void
}

/** What createLogger builds from. */
export interface LoggerOptions {
  readonly level?: LogLevel
  /** Where lines go; default: standard output. */
  readonly destination?: DestinationStream
}

/** Creates the JSON logger: level by name, ISO time, no host name; serializes no error and no request by itself. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', destination } = options
  const log = createPino(level, destination ?? pino.destination({ fd: 1, sync: true }))
  return Object.assign(log, { request: createAccessLog(log, destination) })
}

function createPino(level: LogLevel, destination: DestinationStream): pino.Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError, error: describeError },
    },
    destination,
  )
}
