import { hash, timingSafeEqual } from 'node:crypto'
import { resolve } from 'node:path'
import type { NormalClients } from '../config/normal-config.ts'
import { createFreshFile, type FileContent } from './fresh-file.ts'
import type { SecretProblem } from './secret-store.ts'

/** Who may use the proxy, by the hashes of their tokens. */
export interface ClientRegistry {
  /** The client that a token belongs to; null: none. Takes as long for a right token as for a wrong one. */
  readonly identify: (token: string) => string | null
  /** Files that can't be used now, by their client's name. */
  readonly problems: () => readonly SecretProblem[]
}

interface HashFile {
  readonly hashes: readonly Buffer[]
  readonly reason: string | null
}

/** Opens the clients' hash files, which are read anew when they change; null: nobody is known. */
export function createClientRegistry(
  clients: NormalClients | null,
  { baseDir }: { readonly baseDir: string },
): ClientRegistry {
  const files = (clients?.tokens ?? []).map(({ name, file }) => ({
    name,
    file: createFreshFile(resolve(baseDir, file), parseHashFile),
  }))
  const identify = (token: string): string | null => {
    // The hash of nothing is what a broken script writes.
    if (token === '') return null
    const presented = hash('sha256', token, 'buffer')
    let found: string | null = null
    // Not `found ??=`, which would stop comparing at the first hit.
    for (const { name, file } of files)
      for (const known of file.read().hashes) if (timingSafeEqual(known, presented)) found = name
    return found
  }
  const problems = (): readonly SecretProblem[] =>
    files.flatMap(({ name, file }) => {
      const { reason } = file.read()
      return reason === null ? [] : [{ name, reason }]
    })
  return { identify, problems }
}

/** A SHA-256 in hex, alone or as `sha256sum` prints it, with a file name behind. */
const HASH_LINE = /^([0-9a-f]{64})(?:\s.*)?$/i

function parseHashFile(content: FileContent): HashFile {
  if (content.problem !== null) return { hashes: [], reason: `its file is ${content.problem}` }
  const lines = content.text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const digits = lines.map((line) => HASH_LINE.exec(line)?.[1])
  const hashes = digits.flatMap((hex) => (hex === undefined ? [] : [Buffer.from(hex, 'hex')]))
  return { hashes, reason: explain(digits) }
}

function explain(digits: readonly (string | undefined)[]): string | null {
  if (digits.length === 0) return 'its file holds no hash'
  if (digits.includes(undefined)) return 'its file has a line that is no SHA-256 in hex'
  return null
}
