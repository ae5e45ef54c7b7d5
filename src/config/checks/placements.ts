import { parsePlacement } from '../language/placement.ts'
import { reportSentence } from '../language/sentence-error.ts'
import type { Path } from '../text/document.ts'
import { actionsOf } from './actions.ts'
import { type CheckContext, errorAt } from './check-context.ts'
import { findForbiddenHeader } from './forbidden-headers.ts'

/** Checks where rules put credentials. */
export function checkPlacements({ model, report }: CheckContext): void {
  for (const route of model.ruleSets)
    for (const { path, value } of actionsOf(route)) {
      if (value.use === undefined) continue
      const at = [...path, 'use']
      const use = value.use
      const placement = reportSentence(() => parsePlacement(use), {
        path: at,
        code: 'bad-placement',
        report,
      })
      if (placement && placement.place !== 'none' && placement.place.in === 'header')
        checkHeader(report, at, placement.place.name)
      if (placement && value.reject !== undefined)
        report(
          errorAt([...path, 'reject'], 'use-and-reject', '"use" and "reject" exclude each other', {
            part: 'key',
            hint: 'a rejected request takes no credential anywhere; remove one of them',
          }),
        )
    }
}

function checkHeader(report: CheckContext['report'], path: Path, name: string): void {
  const reason = findForbiddenHeader(name)
  if (reason)
    report(errorAt(path, 'forbidden-header', `no credential can go in "${name}": ${reason}`))
}
