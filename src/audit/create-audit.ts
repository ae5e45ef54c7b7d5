import { describeError, type Logger } from '../observability/logger.ts'
import type { AuditFields } from './audit-line.ts'
import { TrailFile, type TrailNotice } from './trail-file.ts'

/** What an audit is written by. */
export interface AuditSettings {
  /** Absolute. */
  readonly file: string
  /** Whether requests go on that can't be noted. */
  readonly isOpenWhenAway: boolean
}

/** Writes the trail of one file. */
export interface Audit {
  /** Writes lines, each with the time; false: they can't be written, and nothing may leave. */
  readonly note: (events: readonly AuditFields[]) => boolean
  /** Whether the last lines were written. */
  readonly isWritable: () => boolean
  readonly close: () => void
}

/** Opens the trail, and says in the log what is wrong with it. */
export function createAudit({ file, isOpenWhenAway }: AuditSettings, log: Logger): Audit {
  const trail = new TrailFile(file, (notice) => tellNotice(log, file, notice))
  let isWritable = true
  const attempt = (act: () => void): boolean => {
    try {
      act()
      if (!isWritable) log.info({ file }, 'audit file can be written again')
      isWritable = true
    } catch (error) {
      const { code } = describeError(error)
      if (isWritable) log.error({ file, code, isOpenWhenAway }, 'audit file cannot be written')
      isWritable = false
    }
    return isWritable
  }
  attempt(() => trail.open())
  return {
    note(events) {
      const time = new Date().toISOString()
      const isNoted = attempt(() => trail.append(events.map((event) => ({ time, ...event }))))
      return isNoted || isOpenWhenAway
    },
    isWritable: () => isWritable,
    close() {
      const link = trail.close()
      if (link !== null) log.info({ file, ...link }, 'audit trail closed')
    },
  }
}

function tellNotice(log: Logger, file: string, notice: TrailNotice): void {
  switch (notice.type) {
    case 'opened':
      log.info({ file, ...notice.link }, 'audit trail goes on')
      return
    case 'moved':
      log.info({ file, ...notice.link }, 'audit file was moved, the trail goes on in a new one')
      return
    case 'mended':
      log.warn({ file, bytes: notice.bytes }, 'audit file ended in a broken line, which is mended')
      return
    case 'disturbed':
      log.error({ file }, 'audit file was changed by somebody else')
      return
    case 'edited':
      log.error({ file }, 'audit file has an edited line at its end')
      return
  }
}
