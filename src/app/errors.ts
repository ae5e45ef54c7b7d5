import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import type { NormalAddress } from '../config/shapes/normal-config.ts'

/** The file that was to be served is bad; nothing was started. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly code = 'configuration_invalid'
  readonly file: string
  /** Empty where the file could not be read. */
  readonly diagnostics: readonly Diagnostic[]

  constructor(file: string, message: string, diagnostics: readonly Diagnostic[] = []) {
    super(message)
    this.file = file
    this.diagnostics = diagnostics
  }
}

/** An address could not be listened on. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code = 'listen_failed'
  /** The setting that names the address, such as `server.listen`. */
  readonly setting: string

  constructor(setting: string, address: NormalAddress | null, cause: unknown) {
    super(
      `can't listen on ${address === null ? setting : formatAddress(address)} (${setting}): ${reasonOf(cause)}`,
      { cause },
    )
    this.setting = setting
  }
}

/** An address as the file spells it. */
export function formatAddress(address: NormalAddress): string {
  if ('socketPath' in address) return `unix:${address.socketPath}`
  const { host, port } = address
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there',
  EACCES: 'this user may not',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the name is unknown',
  ENOENT: 'the folder is missing',
  KEYWAY_CERTIFICATE: 'its certificate or key is missing or unusable',
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'
  const words = reasons[code]
  return words === undefined ? code : `${words} (${code})`
}
