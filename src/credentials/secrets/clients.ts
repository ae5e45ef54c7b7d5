import { hash } from 'node:crypto'
import { resolve } from 'node:path'
import type { NormalClients } from '../../config/shapes/normal-config.ts'
import { createFreshFile, type FileContent, type FreshFile } from './fresh-file.ts'
import type { SecretProblem } from './secret-store.ts'
import { type SecretListener, tellOnce } from './tell.ts'

/** Who may use the proxy, by the hashes of their tokens. */
export interface ClientRegistry {
  /**
   * The client that a token belongs to; null: none. It is looked up by its hash, so what the time
   * it takes may tell is about hashes, and nothing about a token that nobody has. It is hashed for
   * each request, which takes half a microsecond: whatever would spare that, for a connection or for
   * all of them, has to know the token itself, or a weaker hash of it, for longer than its request.
   */
  readonly identify: (token: string) => string | null
  /** Files that can't be used now, by their client's name. */
  readonly problems: () => readonly SecretProblem[]
}

/** What a registry is opened with. */
export interface ClientRegistryOptions {
  /** Folder that relative paths start from: the configuration file's. */
  readonly baseDir: string
  /** Hears of a file that can't be used, when it is first looked at, and when it can again. */
  readonly listener?: SecretListener
}

interface HashFile {
  /** In lower case. */
  readonly hashes: readonly string[]
  readonly reason: string | null
}

interface ClientFile {
  readonly name: string
  readonly file: FreshFile<HashFile>
}

/** Opens the clients' hash files, which are read anew when they change; null: nobody is known. */
export function createClientRegistry(
  clients: NormalClients | null,
  { baseDir, listener }: ClientRegistryOptions,
): ClientRegistry {
  const files = (clients?.tokens ?? []).map(({ name, file }) => ({
    name,
    file: {
      read: tellOnce(createFreshFile(resolve(baseDir, file), parseHashFile).read, (reason) =>
        listener?.onClient(name, reason),
      ),
    },
  }))
  const namesByDigest = followFiles(files)
  const problems = (): readonly SecretProblem[] =>
    files.flatMap(({ name, file }) => {
      const { reason } = file.read()
      return reason === null ? [] : [{ name, reason }]
    })
  return {
    // The hash of nothing is what a broken script writes.
    identify: (token) => (token === '' ? null : (namesByDigest().get(digestOf(token)) ?? null)),
    problems,
  }
}

/** A character a byte, which is half of what hex has to be looked up by. */
function digestOf(token: string): string {
  return hash('sha256', token, 'binary')
}

/** A revocation holds after so long; to look at each file for each request would cost more than all else here. */
const LOOK_MS = 100

function followFiles(files: readonly ClientFile[]): () => ReadonlyMap<string, string> {
  let isFresh = false
  let seen: readonly HashFile[] = []
  let names: ReadonlyMap<string, string> = new Map()
  const expire = (): void => {
    isFresh = false
  }
  return () => {
    if (isFresh) return names
    isFresh = true
    setTimeout(expire, LOOK_MS).unref()
    const current = files.map(({ file }) => file.read())
    if (current.some((content, index) => content !== seen[index])) {
      seen = current
      names = new Map(
        files.flatMap(
          ({ name }, i) =>
            current[i]?.hashes.map((hex) => [Buffer.from(hex, 'hex').toString('latin1'), name]) ??
            [],
        ),
      )
    }
    return names
  }
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
  const hashes = digits.flatMap((hex) => (hex === undefined ? [] : [hex.toLowerCase()]))
  return { hashes, reason: explain(digits) }
}

function explain(digits: readonly (string | undefined)[]): string | null {
  if (digits.length === 0) return 'its file holds no hash'
  if (digits.includes(undefined)) return 'its file has a line that is no SHA-256 in hex'
  return null
}
