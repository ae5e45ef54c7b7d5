import { parseRate } from '../language/rate.ts'
import type { Limit } from '../shapes/config.generated.ts'
import type { NormalLimit } from '../shapes/normal-limit.ts'

/** A limit with its rate as numbers. */
export function normalizeLimit({ name, match, by, requests, atOnce }: Limit): NormalLimit {
  return {
    name,
    routes: match?.route === undefined ? null : [match.route].flat(),
    by,
    requests: requests === undefined ? null : parseRate(requests),
    atOnce: atOnce ?? null,
  }
}
