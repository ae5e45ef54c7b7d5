import { dirname, resolve } from 'node:path'
import { parseAddress } from '../../config/language/address.ts'
import type { NormalAddress, SecretSource } from '../../config/shapes/normal-config.ts'
import { openSecretSource } from '../../credentials/secrets/secret-source.ts'
import { type CommandIo, UsageError } from '../command.ts'
import type { LoadedFile } from '../load-file.ts'
import { RecordingError } from './recording-error.ts'

/** Where the admin interface of a running Keyway is, and what is shown there. */
export interface AdminTarget {
  readonly address: NormalAddress
  /** null: nothing. */
  readonly token: string | null
}

/** What the command line says of it; the file says the rest. */
export interface AdminFlags {
  readonly admin: string | undefined
  readonly tokenFile: string | undefined
}

/** Finds the admin interface of the Keyway that serves a file; throws UsageError and RecordingError. */
export function findAdmin(flags: AdminFlags, loaded: LoadedFile, io: CommandIo): AdminTarget {
  const { admin, adminToken } = loaded.snapshot.config.server
  const address = flags.admin === undefined ? ownAddress(admin, loaded.file) : read(flags.admin)
  const token =
    flags.tokenFile !== undefined
      ? readToken({ file: flags.tokenFile }, io.cwd, io)
      : adminToken && readToken(adminToken, dirname(resolve(io.cwd, loaded.file)), io)
  return { address: reachable(address), token }
}

function read(text: string): NormalAddress {
  const address = parseAddress(text.replace(/^http:\/\/([^/]+)\/?$/, '$1'))
  if (address === null || !hasPort(address))
    throw new UsageError(`--admin is HOST:PORT, [IPV6]:PORT or unix:PATH, not "${text}"`)
  return address
}

function ownAddress(address: NormalAddress | null, file: string): NormalAddress {
  if (address === null)
    throw new RecordingError(
      `${file} turns its admin interface off ("server.admin"), which tells what is decided`,
    )
  if (!hasPort(address))
    throw new RecordingError(
      `the port of the admin interface is chosen at the start ("server.admin" of ${file}): name it by --admin; the line "listening" of the log has it`,
    )
  return address
}

function hasPort(address: NormalAddress): boolean {
  return 'socketPath' in address || address.port > 0
}

/** One that listens on all addresses is asked on this machine. */
function reachable(address: NormalAddress): NormalAddress {
  if ('socketPath' in address) return address
  const { host, port } = address
  if (host === '0.0.0.0') return { host: '127.0.0.1', port }
  return host === '::' ? { host: '::1', port } : address
}

function readToken(source: SecretSource, baseDir: string, { env }: CommandIo): string {
  const classify = (): { readonly name: string } => ({ name: 'unknown' })
  const reading = openSecretSource(source, { env, baseDir, classify, isPooled: false })()
  if (reading.value !== null) return reading.value
  const what = 'file' in source ? source.file : 'its token'
  throw new RecordingError(
    `the token of the admin interface (${what}) can't be used: ${reading.reason}; --token-file names another`,
  )
}
