import type { NormalConfig } from '../../config/shapes/normal-config.ts'
import type { Steps } from '../../routing/compile/steps.ts'
import { nameOf } from '../invariants/prove-invariant.ts'
import { createWorlds, type WorldSources } from '../world.ts'
import { compareSteps } from './compare-worlds.ts'
import { DANGERS } from './danger.ts'

/** What a change changes, in short: no request stands in it, as one quotes the file. */
export interface ChangeInShort {
  /** How many classes of requests are decided otherwise. */
  readonly classes: number
  /** The most dangerous kind of change among them, and what decides them now. */
  readonly worst: { readonly kind: string; readonly by: string } | null
  /** Of how many pairs of classes there is no telling. */
  readonly undetermined: number
}

/** Works out in steps what one configuration in place of another changes. */
export function* changeSteps(
  previous: NormalConfig,
  next: NormalConfig,
  sources: WorldSources,
): Steps<ChangeInShort> {
  const [before, after] = createWorlds(previous, next, sources)
  yield* before.prepare()
  yield* after.prepare()
  const { changes, doubts } = yield* compareSteps(before, after)
  const [worst] = changes
  return {
    classes: changes.length,
    worst: worst ? { kind: DANGERS[worst.danger] as string, by: nameOf(worst.by) } : null,
    undetermined: doubts.length,
  }
}
