export {
  createKeyway,
  type Keyway,
  type KeywayAddresses,
  type KeywayOptions,
} from './app/create-keyway.ts'
export { ConfigurationError, ListenError } from './app/errors.ts'
export { formatDiagnostic } from './config/diagnostics/format-diagnostic.ts'
export type { Diagnostic, Position, Severity } from './config/shapes/diagnostic.ts'
export type { NormalAddress, NormalConfig } from './config/shapes/normal-config.ts'
export type { ExchangeRecord } from './observability/exchange-record.ts'
export {
  createLogger,
  type LogFields,
  type Logger,
  type LoggerOptions,
  type LogLevel,
  type LogLine,
} from './observability/logger.ts'
export type { ReloadResult } from './reload/reload.ts'
export type { Snapshot } from './routing/snapshot.ts'
