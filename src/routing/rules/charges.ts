import { createHash } from 'node:crypto'
import type { NormalLimit } from '../../config/shapes/normal-limit.ts'
import type { RequestContext } from './request-context.ts'

/** One limit that a request counts towards. */
export interface Charge {
  readonly limit: NormalLimit
  /** What has the count, of a length of its own for each `by`; of a credential a hash that names the limit too. */
  readonly key: string
}

/** Gives what a request counts towards. */
export type Charges = (context: RequestContext) => readonly Charge[]

const NONE: readonly Charge[] = []

/** Compiles the limits that a route's requests count towards. */
export function compileCharges(limits: readonly NormalLimit[], route: string): Charges {
  const own = limits.filter(({ routes }) => routes === null || routes.includes(route))
  if (own.length === 0) return chargeNothing
  return (context) => own.map((limit) => ({ limit, key: keyOf(limit, route, context) }))
}

/** One for all routes: thousands of them mostly have no limit. */
function chargeNothing(): readonly Charge[] {
  return NONE
}

function keyOf({ name, by }: NormalLimit, route: string, context: RequestContext): string {
  switch (by) {
    case 'client':
      return context.clientName ?? ''
    case 'credential':
      return context.credential === null ? '' : hash(name, context.credential.value)
    case 'address':
      return context.clientIp
    case 'route':
      return route
  }
}

/** A count outlives the process where several machines share it, so the hash can't have a key that does not. */
function hash(limit: string, credential: string): string {
  return createHash('sha256').update(`keyway limit ${limit}\0${credential}`).digest('base64url')
}
