import { existsSync, lstatSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import type { NormalAddress } from '../config/shapes/normal-config.ts'
import { TLS_FILE_CODE } from '../files/tls-files.ts'

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
      `can't listen on ${address === null ? setting : formatAddress(address)} (${setting}): ${reasonOf(cause, address)}`,
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
}

function reasonOf(cause: unknown, address: NormalAddress | null): string {
  // Of a worker's come the code and the message alone.
  if (cause instanceof Error && 'code' in cause && cause.code === TLS_FILE_CODE)
    return cause.message
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'
  const words = reasonOfPath(address) ?? reasons[code]
  return words === undefined ? code : `${words} (${code})`
}

/** Node says EACCES of a folder that is missing, and EADDRINUSE of any file: what stands there is looked at. */
function reasonOfPath(address: NormalAddress | null): string | null {
  if (address === null || !('socketPath' in address)) return null
  const { socketPath: path } = address
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === false)
      return 'a file that is no socket stands there'
    const folder = dirname(path)
    return existsSync(folder) ? null : `the folder ${folder} is missing`
  } catch {
    // Who may not look may not listen there either, which is what the code says.
    return null
  }
}
