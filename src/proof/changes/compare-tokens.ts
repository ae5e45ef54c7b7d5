import { isDeepStrictEqual } from 'node:util'
import type { Formula } from '../../config/checks/reasoning/formula.ts'
import type { NormalClients } from '../../config/shapes/normal-config.ts'
import type { Steps } from '../../routing/compile/steps.ts'
import { requestOfClass } from '../classes/class-requests.ts'
import type { World } from '../world.ts'
import { compareClassesOf } from './compare-request.ts'
import type { Comparing } from './comparing.ts'
import { showsAmongCredentials } from './doubts-of-settings.ts'

/** Where clients show their tokens in other places, or others do, sends a request of each class with a token where and as one of the files looks for it. */
export function* compareTokens(comparing: Comparing): Steps<void> {
  const { before, after } = comparing
  for (const [world, other] of [
    [after, before],
    [before, after],
  ] as const) {
    const known = tokenFormula(world, other)
    if (known === null) continue
    for (const route of world.config.routes) {
      compareClassesOf(
        route,
        world,
        (one) => requestOfClass({ ...one, formulas: [...one.formulas, known] }, world),
        comparing,
      )
      yield
    }
  }
}

/** That a request shows a token which the other file does not look for, or whose client it does not know; null: there is none. */
function tokenFormula(world: World, { config: other }: World): Formula | null {
  const [own, theirs] = [world.config.clients, other.clients]
  if (own === null || theirs === null) return null
  const isMoved = !isDeepStrictEqual(own.places, theirs.places)
  // Of a token in a header of its own the classes say whether it is known.
  if (!isMoved && !showsAmongCredentials(world)) return null
  const names = namesOf(own).filter((name) => isMoved || !namesOf(theirs).includes(name))
  if (names.length === 0) return null
  return world.reasoner.formulaOfMatcher('client-name', { in: names })
}

function namesOf({ tokens }: NormalClients): readonly string[] {
  return tokens.map(({ name }) => name)
}
