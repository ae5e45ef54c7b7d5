import { type CheckContext, errorAt } from '../check-context.ts'
import type { Path } from '../document.ts'
import type { RoutePart } from '../model.ts'

/** Checks that what is stripped begins the route's path. */
export function checkStrip(
  { report }: CheckContext,
  route: RoutePart,
  path: Path,
  strip: string,
): void {
  const fault = findFault(route.value.match.path, strip)
  if (fault) report(errorAt(path, 'bad-strip', fault.message, { hint: fault.hint }))
}

interface Fault {
  readonly message: string
  readonly hint: string
}

function findFault(match: string, strip: string): Fault | null {
  const bare = strip.replace(/\/+$/, '')
  const fixed = /^(.*?)(\/:.*|\/\*)?$/.exec(match)?.[1] ?? ''
  const hint = fixed ? `write ${fixed}` : 'remove it'
  if (strip.includes('*') || strip.includes('/:'))
    return { message: '"strip" is a plain path, without "*" and ":parameter"', hint }
  if (bare === '' || fixed === bare || fixed.startsWith(`${bare}/`)) return null
  const message = `"${strip}" does not begin the route's path "${match}", so nothing would be taken off`
  return { message, hint }
}
