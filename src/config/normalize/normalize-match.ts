import type { Route } from '../shapes/config.generated.ts'
import type { NormalRoute } from '../shapes/normal-config.ts'
import { normalizeMatcher } from './normalize-condition.ts'

/** A route's match with its names in lower case and its matchers in their object form. */
export function normalizeMatch({
  path,
  hosts,
  methods,
  headers,
}: Route['match']): NormalRoute['match'] {
  return {
    path,
    hosts: hosts?.map((host) => host.toLowerCase()) ?? null,
    methods: methods ?? null,
    headers: Object.entries(headers ?? {}).map(([name, matcher]) => ({
      name: name.toLowerCase(),
      matcher: normalizeMatcher(matcher),
    })),
  }
}
