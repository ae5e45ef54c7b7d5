/** Variables of a process. */
export type Variables = Readonly<Record<string, string | undefined>>

/** How a signal is sent. */
export type Protocol = 'http/protobuf' | 'http/json'

/** What OpenTelemetry's own variables ask for. */
export interface TelemetrySettings {
  /** null: no spans. */
  readonly traces: Protocol | null
  /** null: no metrics. */
  readonly metrics: Protocol | null
  /** A protocol that was asked for and is not spoken; null: none. */
  readonly unknownProtocol: string | null
}

/** Reads what the environment asks for (https://opentelemetry.io/docs/specs/otel/protocol/exporter/); null: nothing. */
export function readTelemetrySettings(env: Variables): TelemetrySettings | null {
  if (env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return null
  const asked = { traces: readSignal(env, 'TRACES'), metrics: readSignal(env, 'METRICS') }
  if (asked.traces === null && asked.metrics === null) return null
  const unknown = [asked.traces, asked.metrics].find((one) => one !== null && !isSpoken(one))
  return {
    traces: asked.traces === null ? null : spoken(asked.traces),
    metrics: asked.metrics === null ? null : spoken(asked.metrics),
    unknownProtocol: unknown ?? null,
  }
}

/** The protocol of a signal as it is asked for; null: it is not sent. */
function readSignal(env: Variables, signal: 'TRACES' | 'METRICS'): string | null {
  const endpoint =
    env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] || env.OTEL_EXPORTER_OTLP_ENDPOINT || null
  const exporter = env[`OTEL_${signal}_EXPORTER`] || 'otlp'
  if (endpoint === null || exporter !== 'otlp') return null
  return (
    env[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`] ||
    env.OTEL_EXPORTER_OTLP_PROTOCOL ||
    'http/protobuf'
  )
}

function isSpoken(protocol: string): protocol is Protocol {
  return protocol === 'http/protobuf' || protocol === 'http/json'
}

function spoken(protocol: string): Protocol {
  return isSpoken(protocol) ? protocol : 'http/protobuf'
}
