/** The single ones of prom-client's default metrics, which it has no types for. */
declare module 'prom-client/lib/metrics/*.js' {
  import type { Registry } from 'prom-client'

  /** Registers what the file is named for. */
  function register(
    registry: Registry,
    config: { readonly eventLoopMonitoringPrecision: number },
  ): void
  export = register
}
