import { type DestinationStream, pino } from 'pino'

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
}

/** What createLogger builds from. */
export interface LoggerOptions {
  readonly level?: LogLevel
  /** Where lines go; default: standard output. */
  readonly destination?: DestinationStream
}

/** Creates the JSON logger: level by name, ISO time, no host name; serializes no error and no request by itself. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', destination = pino.destination({ fd: 1, sync: true }) } = options
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

/** The parts of an error that can hold no secret: its class, its code and its frames, never its message. */
export interface ErrorFields {
  readonly type: string
  readonly code: string | null
  readonly frames: readonly string[]
}

/** Takes from anything thrown what may stand in a log. */
export function describeError(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, code: null, frames: [] }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return {
    type: error.name,
    code: /^[A-Z][A-Z0-9_]*$/.test(code) ? code : null,
    frames: stackFrames(error),
  }
}

const framePrefix = '    at '

function stackFrames({ message, stack = '' }: Error): string[] {
  // A message of several lines could pass for frames, so it is cut out before they are looked for.
  const start = stack.indexOf(message)
  const trace = start === -1 ? '' : stack.slice(start + message.length)
  const lines = trace.split('\n').filter((line) => line.startsWith(framePrefix))
  return lines.map((line) => line.slice(framePrefix.length))
}
