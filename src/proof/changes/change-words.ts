import { findSpan } from '../../config/diagnostics/find-span.ts'
import { parseDocument } from '../../config/text/parse-document.ts'
import { createLocator } from '../../config/text/position.ts'
import type { DecisionDifference } from '../../routing/decide/explain/compare-decisions.ts'
import { describeDecision } from '../describe-decision.ts'
import { placeOf } from '../invariants/invariant-findings.ts'
import type { World } from '../world.ts'
import { writeCurl } from '../write-curl.ts'
import type { ChangedClass } from './compare-worlds.ts'
import { DANGERS } from './danger.ts'

/** A class of requests that are decided otherwise, in words. */
export interface DescribedChange {
  /** Its place among the kinds of change; 0 is the most dangerous. */
  readonly danger: number
  readonly kind: string
  /** One of the requests, as a command line. */
  readonly witness: string
  /** The address that it comes from. */
  readonly from: string
  readonly was: string
  readonly is: string
  readonly differences: readonly DecisionDifference[]
  /** Line in the new file of what decides it now. */
  readonly line: number
}

/** Puts changes into words; `text` is the new file's. */
export function describeChangedClasses(
  changes: readonly ChangedClass[],
  { config }: World,
  text: string,
): readonly DescribedChange[] {
  const { document } = parseDocument(text, Number.POSITIVE_INFINITY)
  const locate = createLocator('', text)
  return changes.map(({ danger, request, was, is, by, differences }) => ({
    danger,
    kind: DANGERS[danger] as string,
    witness: writeCurl(request),
    from: request.peerIp,
    was: describeDecision(was.decision),
    is: describeDecision(is.decision),
    differences,
    line: document === null ? 1 : locate(findSpan(document, placeOf(by, config), 'value')).line,
  }))
}
