import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { AuditFields } from '../audit/audit-line.ts'
import type { Audit } from '../audit/create-audit.ts'
import type { NormalAudit } from '../config/shapes/normal-config.ts'
import type { Logger } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics/create-metrics.ts'
import type { NoteSecrets, SecretEvent } from '../routing/secret-notes.ts'
import type { SnapshotStore } from '../routing/snapshot.ts'

/** The trail that the live configuration names. */
export interface LiveAudit {
  /** Writes lines; false: they can't be written, and nothing may leave. */
  readonly note: (lines: readonly AuditFields[]) => boolean | Promise<boolean>
  /** Whether lines are written; true where none are asked for. */
  readonly isWritable: () => boolean
  readonly close: () => Promise<void>
}

/** What openAudit builds from. */
export interface AuditOptions {
  readonly store: SnapshotStore
  /** Folder that relative names start from. */
  readonly folder: string
  readonly log: Logger
}

/** Opens the trail, and another one where a reload names one; what writes it is loaded only where there is one. */
export async function openAudit({ store, folder, log }: AuditOptions): Promise<LiveAudit> {
  let settings: NormalAudit | null = null
  let audit: Audit | null = null
  let opening: Promise<Audit | null> = Promise.resolve(null)
  const open = async ({ file, isOpenWhenAway }: NormalAudit): Promise<Audit> => {
    const { createAudit } = await import('../audit/create-audit.ts')
    audit = createAudit({ file: resolve(folder, file), isOpenWhenAway }, log)
    return audit
  }
  const follow = (next: NormalAudit | null): void => {
    if (isDeepStrictEqual(next, settings)) return
    settings = next
    opening = opening.then((before) => {
      before?.close()
      audit = null
      return next && open(next)
    })
  }
  follow(store.current.config.audit)
  const unfollow = store.onSwap(({ config }) => follow(config.audit))
  await opening
  return {
    note: (lines) => audit?.note(lines) ?? opening.then((opened) => opened?.note(lines) ?? true),
    isWritable: () => audit?.isWritable() ?? true,
    async close() {
      unfollow()
      follow(null)
      await opening
    },
  }
}

/** Has the metrics say whether the trail can be written. */
export function watchAudit(metrics: Metrics, { isWritable }: LiveAudit): void {
  metrics.watch(
    {
      name: 'keyway_audit_writable',
      help: 'Whether the use of secrets is noted where the file asks for it: 1, or 0 while it can not be.',
      type: 'gauge',
      aggregator: 'min',
    },
    () => [{ labels: {}, value: Number(isWritable()) }],
  )
}

/** Gives what takes note of a process's secrets; null while the live configuration asks for none. */
export function createNotary(
  store: SnapshotStore,
  fingerprint: (value: string) => string,
  note: LiveAudit['note'],
): () => NoteSecrets | null {
  const noteSecrets: NoteSecrets = (events) => {
    const noted = note(events.map((event) => asFields(event, fingerprint)))
    if (noted === true) return true
    return Promise.resolve(noted)
  }
  return () => (store.current.config.audit === null ? null : noteSecrets)
}

function asFields(event: SecretEvent, fingerprint: (value: string) => string): AuditFields {
  const { outcome, secret, value, client, address, route, rule, upstream, host, id, code } = event
  const print = value === null ? null : fingerprint(value)
  const who = { client, address, route, rule, upstream, host, id, code }
  return { outcome, secret, fingerprint: print, ...who }
}
