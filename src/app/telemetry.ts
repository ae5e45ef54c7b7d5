import type { Logger } from '../observability/logger.ts'
import type { MetricObject } from '../observability/metrics/exposition.ts'
import { readTelemetrySettings } from '../observability/telemetry/settings.ts'
import type { Telemetry } from '../observability/telemetry/start-telemetry.ts'
import type { LiveConfig } from './open-config.ts'
import { readVersion } from './read-version.ts'

/** What openTelemetry builds from. */
export interface TelemetrySources {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly live: Pick<LiveConfig, 'metrics'>
  readonly log: Logger
}

/** Sends spans and metrics where the environment asks for it; null: it does not, and nothing is loaded. */
export async function openTelemetry({
  env,
  live,
  log,
}: TelemetrySources): Promise<Telemetry | null> {
  const settings = readTelemetrySettings(env)
  if (settings === null) return null
  const { startTelemetry } = await import('../observability/telemetry/start-telemetry.ts')
  const readMetrics = async (): Promise<readonly MetricObject[]> =>
    (await live.metrics?.read()) ?? []
  return startTelemetry({ settings, env, version: readVersion(), readMetrics, log })
}
