import type { RequestContext } from '../rules/request-context.ts'
import type { TableUpstream } from '../table-upstream.ts'

/** How a request that was here before is known again. */
export interface LoopSettings {
  /** What Keyway writes into CDN-Loop (RFC 8586). */
  readonly marker: string
  /** Its pseudonym in Via; null: it writes none. */
  readonly via: string | null
}

/** Whether Keyway has sent this request itself. */
export function isLoop({ marker, via }: LoopSettings, context: RequestContext): boolean {
  const { names } = context
  if (names.includes('cdn-loop') && hasMember(context.header('cdn-loop'), marker)) return true
  return via !== null && names.includes('via') && hasMember(viaNames(context), via)
}

function hasMember(list: string | undefined, wanted: string): boolean {
  const members = (list ?? '').split(',')
  return members.some(
    (member) => member.split(';', 1)[0]?.trim().toLowerCase() === wanted.toLowerCase(),
  )
}

/** The second word of each element (RFC 9110 §7.6.3), as a list. */
function viaNames(context: RequestContext): string {
  const elements = (context.header('via') ?? '').split(',')
  return elements.map((element) => element.trim().split(/\s+/)[1] ?? '').join()
}

/**
 * Writes the marker on a request that has all that Keyway writes on one: what comes from its client
 * goes on as it is, and a loop ends when it comes round the second time.
 */
export function writeMarker(
  fields: string[],
  { marker }: LoopSettings,
  { comesBackWith }: TableUpstream,
  { names }: RequestContext,
): void {
  if (comesBackWith?.every((name) => names.includes(name))) fields.push('CDN-Loop', marker)
}
