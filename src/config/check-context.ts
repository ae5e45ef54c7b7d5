import type { Catalogue } from './catalogue.ts'
import type { Report } from './finding.ts'
import type { Model } from './model.ts'

/** What the checks look at, and where their findings go. */
export interface CheckContext {
  readonly model: Model
  readonly catalogue: Catalogue
  readonly env: Readonly<Record<string, string | undefined>>
  readonly report: Report
}
