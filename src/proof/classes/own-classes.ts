import type { AnswerCode } from '../../answers/answers.ts'
import { answerOf } from '../../answers/answers.ts'
import { type Formula, not } from '../../config/checks/reasoning/formula.ts'
import type { NormalRoute } from '../../config/shapes/normal-config.ts'
import type { DecisionClass } from '../outcome.ts'
import { knownClient } from '../client-formula.ts'
import { among, conflictFlag, PRESENT, takenFormula } from '../route-formula.ts'
import type { World } from '../world.ts'

/** What Keyway refuses by itself on a route, as far as the file has a say in it. */
export function ownClasses(route: NormalRoute, world: World): readonly DecisionClass[] {
  const { kinds, kindFacet } = world
  const taken = takenFormula(route, world)
  const refusal = (code: AnswerCode, ...formulas: readonly Formula[]): DecisionClass => ({
    route,
    fallback: null,
    rule: null,
    branch: null,
    applied: [],
    formulas: [...taken, ...formulas],
    outcome: {
      action: 'reject',
      status: answerOf(code).status,
      code,
      told: null,
      responses: [route.response],
    },
  })
  const known = knownClient(world)
  const never = kinds.filter(({ forward }) => forward === 'never').map(({ name }) => name)
  return [
    ...(known.length > 0 ? [refusal('client_unauthenticated', ...known.map(not))] : []),
    ...(route.conflict === 'first'
      ? []
      : [
          refusal(
            'credential_conflict',
            ...known,
            PRESENT,
            conflictFlag(true),
            not(among(kindFacet, never)),
          ),
        ]),
    refusal('credential_refused', ...known, among(kindFacet, never)),
  ]
}
