import type { Finding } from '../diagnostics/finding.ts'
import type { Block } from './blocks.ts'
import type { Document } from './document.ts'

/** A document as far as it can be read, and what is wrong with its syntax. */
export interface Reading {
  /** null: nothing can be read. */
  readonly document: Document | null
  readonly findings: readonly Finding[]
  /** What could not be read, and stands in the document as nothing. */
  readonly damage: readonly Block[]
}
