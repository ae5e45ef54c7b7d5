import { type DestinationStream, pino } from 'pino'
import { createAccessLog } from './access-log.ts'
import { createAccessSample } from './access-sample.ts'
import { describeError } from './describe-error.ts'
import type { ExchangeRecord } from './exchange-record.ts'
import { type LineOutput, LineWriter } from './line-writer.ts'
import type { LogLevel, LogSettings, Terminal } from './log-settings.ts'
import { createRenderer, type RenderLine } from './render-line.ts'

export { describeError } from './describe-error.ts'
export type { LogFormat, LogLevel } from './log-settings.ts'

/** Fields of one line: an allow-list by hand, never a header, a URL with a query or an error as it came. */
export type LogFields = Readonly<Record<string, unknown>>

/** Writes one line: fields first, then a constant message. */
export type LogLine = (fields: LogFields, message: string) => void

/** The log, one line an event. */
export interface Logger {
  readonly fatal: LogLine
  readonly error: LogLine
  readonly warn: LogLine
  readonly info: LogLine
  readonly debug: LogLine
  readonly trace: LogLine
  /** The line of one request that is over, as info: written with others, within a quarter of a second. */
  readonly request: (record: ExchangeRecord) => void
  /** Goes on by other settings; a log that has none of its own stays as it is. */
  readonly configure?: (settings: LogSettings) => void
}

/** What createLogger builds from. */
export interface LoggerOptions {
  readonly level?: LogLevel
  /** Where lines go; default: standard output. */
  readonly destination?: DestinationStream
  /** What reads them: lines for a terminal are written for people, unless the settings say otherwise. Default: none. */
  readonly terminal?: Terminal
}

/** Creates the log: level by name, ISO time, no host name; serializes no error and no request by itself. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', destination, terminal = 'none' } = options
  const onLost = (lines: number): void => log.warn({ lines }, 'lines of the log were lost')
  const output = destination ? { now: destination, gathered: destination } : createOutput(onLost)
  const rendererOf = ({ format }: Pick<LogSettings, 'format'>): RenderLine | null =>
    createRenderer(format ?? (terminal === 'none' ? 'json' : 'pretty'), terminal)
  let render = rendererOf({ format: null })
  const rendered = (stream: LineOutput): LineOutput => ({
    write: (line) => stream.write(render === null ? line : render(line)),
    place: (line) => render === null && stream.place?.(line) === true,
  })
  const log: pino.Logger = createPino(level, rendered(output.now))
  const sample = createAccessSample((requests) =>
    log.info({ requests }, 'access lines were left out'),
  )
  return Object.assign(log, {
    request: createAccessLog({ log, destination: rendered(output.gathered), sample }),
    configure(settings: LogSettings) {
      log.level = settings.level ?? level
      render = rendererOf(settings)
      sample.setShare(settings.sample)
    },
  })
}

/** Standard output, opened with its first line: for lines that go at once, and for those that need not. */
function createOutput(
  onLost: (lines: number) => void,
): Readonly<Record<'now' | 'gathered', LineOutput>> {
  let opened: LineWriter | null = null
  const writer = (): LineWriter => {
    // Asked for its stream, Node opens a pipe so that a write waits for no reader; a thread has none.
    opened ??= new LineWriter({ fd: process.stdout.fd ?? 1, onLost })
    return opened
  }
  return {
    now: { write: (line) => writer().writeNow(line) },
    gathered: {
      write: (line) => writer().write(line),
      place: (line) => writer().place(line),
    },
  }
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
