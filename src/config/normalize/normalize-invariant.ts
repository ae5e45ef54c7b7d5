import { parsePlacement } from '../language/placement.ts'
import type { Invariant, Outcome } from '../shapes/config.generated.ts'
import type { NormalInvariant, NormalOutcome } from '../shapes/normal-config.ts'
import { normalizeCondition } from './normalize-condition.ts'

/** An invariant with its condition as a tree and each name as a list. */
export function normalizeInvariant(written: Invariant, index: number): NormalInvariant {
  return {
    name: written.name,
    index,
    for: written.for ? normalizeCondition(written.for) : null,
    never: written.never ? normalizeOutcome(written.never) : null,
    always: written.always ? normalizeOutcome(written.always) : null,
  }
}

function normalizeOutcome(outcome: Outcome): NormalOutcome {
  return {
    isForwarded: outcome.forward ?? null,
    status: outcome.status ?? null,
    routes: listOf(outcome.route),
    rules: listOf(outcome.rule),
    upstreams: listOf(outcome.upstream),
    hosts: listOf(outcome.host)?.map((host) => host.toLowerCase()) ?? null,
    kinds: listOf(outcome.kind),
    secrets: listOf(outcome.secret),
    placements: listOf(outcome.placement)?.map(parsePlacement) ?? null,
    headers: Object.entries(outcome.header ?? {}).map(([name, presence]) => ({
      name: name.toLowerCase(),
      isPresent: presence === 'present',
    })),
  }
}

function listOf(names: string | readonly string[] | undefined): readonly string[] | null {
  return names === undefined ? null : [names].flat()
}
