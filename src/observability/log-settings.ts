/** Names of the levels, from least to most said. */
export type LogLevel = 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'

/** How a line is written: for programs as JSON or logfmt, for people as text. */
export type LogFormat = 'json' | 'logfmt' | 'pretty'

/** What reads the log's lines: a terminal, with colours or without, or none. */
export type Terminal = 'none' | 'plain' | 'coloured'

/** What of the log may change while it is written. */
export interface LogSettings {
  /** null: the one that the log was created with. */
  readonly level: LogLevel | null
  /** null: pretty on a terminal, JSON elsewhere. */
  readonly format: LogFormat | null
  /** Share of the access lines that is written of requests that went well; from 0 to 1. */
  readonly sample: number
}
