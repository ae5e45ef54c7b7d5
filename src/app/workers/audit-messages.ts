import type { AuditFields } from '../../audit/audit-line.ts'
import type { LiveAudit } from '../audit.ts'

/** Lines as a worker sends them to the primary, which writes the trail for all. */
export interface NoteQuestion {
  readonly noteId: number
  readonly lines: readonly AuditFields[]
}

/** The primary's answer. */
export interface NoteAnswer {
  readonly noteId: number
  readonly isNoted: boolean
}

/** Whether a message between primary and worker is about the trail. */
export function isAboutNotes(message: object): message is NoteQuestion | NoteAnswer {
  return 'noteId' in message
}

/** Creates a worker's part: its lines go to the primary. */
export function createSharedAudit(send: (question: NoteQuestion) => void): {
  readonly note: LiveAudit['note']
  readonly onAnswer: (answer: NoteAnswer) => void
} {
  const pending = new Map<number, (isNoted: boolean) => void>()
  let asked = 0
  return {
    note: (lines) =>
      new Promise((resolve) => {
        const noteId = asked++
        pending.set(noteId, resolve)
        send({ noteId, lines })
      }),
    onAnswer({ noteId, isNoted }) {
      pending.get(noteId)?.(isNoted)
      pending.delete(noteId)
    },
  }
}
