import type { Logger } from 'pino'
import { AccessLine } from './access-line.ts'
import type { AccessSample } from './access-sample.ts'
import type { OnExchange } from './exchange-record.ts'
import type { LineOutput } from './line-writer.ts'

/** What createAccessLog builds from. */
export interface AccessLogOptions {
  readonly log: Logger
  readonly destination: LineOutput
  readonly sample: AccessSample
}

/** Creates what writes one line a request. */
export function createAccessLog({ log, destination, sample }: AccessLogOptions): OnExchange {
  const line = new AccessLine()
  return (record) => {
    if (!log.isLevelEnabled('info') || !sample.takes(record)) return
    line.tell(record)
    if (destination.place?.(line) !== true) destination.write(line.text)
  }
}
