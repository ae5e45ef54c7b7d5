import { setTimeout as delay } from 'node:timers/promises'
import { PEM_LIMIT_BYTES, readWhole } from '../files/read-file.ts'
import { expiryOf, tlsFaultOf } from '../files/tls-files.ts'
import type { Logger } from '../observability/logger.ts'
import { contentHash } from './content-hash.ts'
import { inTurn } from './in-turn.ts'
import { readStable } from './read-stable.ts'
import { watchFile } from './watch-file.ts'

/** The files of a certificate, and what takes them over. */
export interface CertificateWatch {
  readonly files: { readonly cert: string; readonly key: string }
  /** Reads the files and makes them live for new connections; throws where they can't be used. */
  readonly renew: () => void
  readonly log: Logger
  readonly pollMs?: number | undefined
}

/** One file may be written a while after the other: until then they do not fit together. */
const SECOND_TRY_MS = 1_000

/** Renews a certificate after its files change; a pair that can't be used changes nothing. Returns what stops it. */
export function watchCertificate({ files, renew, log, pollMs }: CertificateWatch): () => void {
  const names = [files.cert, files.key]
  const read = async (): Promise<string> =>
    hashOf(await Promise.all(names.map((name) => readStable(name))))
  // What is live: it was read a moment ago, when the listener was built.
  let lastSeen = hashOf(names.map((name) => readWhole(name, PEM_LIMIT_BYTES)))
  warnIfExpired(files.cert, log)
  const check = inTurn(async () => {
    const seen = await read()
    if (seen === lastSeen) return
    lastSeen = seen
    try {
      await renewOnceMore(renew)
      log.info(files, 'certificate renewed')
      warnIfExpired(files.cert, log)
    } catch (error) {
      log.error({ ...files, ...tlsFaultOf(error) }, 'certificate unusable, last good one stays')
    }
  })
  const stops = names.map((name) => watchFile(name, () => void check('change'), pollMs))
  // What changed between the start and the first look would else be missed.
  void check('change')
  return () => {
    for (const stop of stops) stop()
  }
}

/** Nobody who verifies it would go on: what they say stands in their own logs alone. */
function warnIfExpired(cert: string, log: Logger): void {
  const expiry = expiryOf(readWhole(cert, PEM_LIMIT_BYTES))
  if (expiry !== null && expiry.getTime() < Date.now())
    log.warn({ file: cert, since: expiry.toISOString() }, 'certificate has expired')
}

function hashOf(contents: readonly (Buffer | null)[]): string {
  return contents.map((bytes) => contentHash(bytes?.toString('latin1') ?? '')).join()
}

async function renewOnceMore(renew: () => void): Promise<void> {
  try {
    renew()
  } catch {
    await delay(SECOND_TRY_MS)
    renew()
  }
}
