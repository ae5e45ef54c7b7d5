import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { Logger } from '../logger.ts'

interface Exporter<T> {
  export(items: T, onResult: (result: ExportResult) => void): void
}

/** Has it logged once that an exporter's collector does not take what it is sent, and once that it does again. */
export function tellExports<T, E extends Exporter<T>>(
  exporter: E,
  signal: 'traces' | 'metrics',
  log: Logger,
): E {
  let isAway = false
  const send = exporter.export.bind(exporter)
  exporter.export = (items, onResult) =>
    send(items, (result) => {
      const hasFailed = result.code !== ExportResultCode.SUCCESS
      if (hasFailed && !isAway) log.warn({ signal }, 'telemetry is not taken')
      if (!hasFailed && isAway) log.info({ signal }, 'telemetry is taken again')
      isAway = hasFailed
      onResult(result)
    })
  return exporter
}
