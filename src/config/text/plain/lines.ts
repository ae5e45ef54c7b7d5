import type { EntrySpans } from '../document.ts'

/** Thrown, and caught, where the text is not plain. */
export const GIVE_UP: unique symbol = Symbol('not plain')

/** The line that is read, and what comes of it. */
export interface Lines {
  readonly text: string
  /** null: not noted. */
  readonly spans: Map<object, EntrySpans> | null
  /** Where its content begins. */
  at: number
  /** Where it ends, without the line break. */
  end: number
  /** Its column; -1: the text has ended. */
  indent: number
}
