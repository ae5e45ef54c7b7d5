import type { ErrorObject } from 'ajv'
import type { Finding } from '../diagnostics/finding.ts'
import type { Document, Path } from '../text/document.ts'

/** A JSON Schema, or a part of one. */
export interface Schema {
  readonly [keyword: string]: unknown
}

/** An error of the validator with its surroundings. */
export interface SchemaError {
  readonly document: Document
  readonly path: Path
  readonly error: ErrorObject
  /** The schema that holds the keyword. */
  readonly schema: Schema
}

/** What a finding says, without its severity; `path` where it stands deeper. */
export type Words = Pick<Finding, 'code' | 'message'> & Partial<Finding>
