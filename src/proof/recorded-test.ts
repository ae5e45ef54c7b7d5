import type { Formula } from '../config/checks/reasoning/formula.ts'
import type { Test } from '../config/shapes/config.generated.ts'
import type { RequestView } from '../routing/rules/request-view.ts'
import { runTest } from '../testing/run-test.ts'
import { requestOfClass } from './classes/class-requests.ts'
import { classesOf } from './classes/classes.ts'
import { ownClasses } from './classes/own-classes.ts'
import { unroutedBeside } from './classes/unrouted.ts'
import type { DecisionClass } from './outcome.ts'
import { ABSENT, among } from './route-formula.ts'
import {
  boundScheme,
  keyOfEnd,
  type SeenCredential,
  type SeenDecision,
  seenOf,
} from './seen-decision.ts'
import type { World } from './world.ts'
import { withMarkedCredential, writeTest } from './write-test.ts'

/**
 * Writes a test of a decision that was seen: of a request that is made up, and decided to the same end
 * by the same rule. null: no such request could be written down. Throws CantTell.
 */
export function testOfDecision(
  seen: SeenDecision,
  method: string | null,
  world: World,
): Test | null {
  const classes = classesAbout(seen, world).filter((one) => isAbout(one, seen))
  for (const more of narrowings(seen, method, world))
    for (const one of classes) {
      const request = requestOfClass({ ...one, formulas: [...one.formulas, ...more] }, world)
      const test = request && testOfRequest(request, seen, world)
      if (test !== null) return test
    }
  return null
}

function testOfRequest(request: RequestView, seen: SeenDecision, world: World): Test | null {
  const wanted = keyOfEnd(seen)
  const isIt = (view: RequestView): boolean =>
    keyOfEnd(seenOf(world.table().decide(view))) === wanted
  // A test names an address that its client has.
  if (request.peerIp === '' || !isIt(request)) return null
  const test = writeTest(withMarkedCredential(request, world, isIt), world)
  const { request: view, differences } = runTest(test, world.config, world.table())
  return differences.length === 0 && isIt(view) ? test : null
}

function classesAbout({ route: name }: SeenDecision, world: World): readonly DecisionClass[] {
  if (name === null) return unroutedBeside(null, world)
  const route = world.config.routes.find((one) => one.name === name)
  return route === undefined ? [] : [...classesOf(route, world), ...ownClasses(route, world)]
}

function isAbout(one: DecisionClass, { rule, branch, end }: SeenDecision): boolean {
  const { outcome } = one
  if (one.fallback !== null || one.branch !== branch || (one.rule?.name ?? null) !== rule)
    return false
  if (outcome.action === 'forward')
    return 'upstream' in end && outcome.upstream.name === end.upstream
  return 'code' in end && outcome.code === end.code && outcome.status === end.status
}

/** What is asked of the request beside its class: as much as was seen, then less. */
function narrowings(
  { credential, client }: SeenDecision,
  method: string | null,
  world: World,
): readonly (readonly Formula[])[] {
  const { reasoner, config } = world
  const equals = (subject: 'method' | 'client-name', text: string): Formula =>
    reasoner.formulaOfMatcher(subject, { equals: text })
  const absent: Formula = { type: 'present', subject: 'client-name', holds: false }
  const who = client !== null ? [equals('client-name', client)] : config.clients ? [absent] : []
  const how = method === null ? [] : [equals('method', method)]
  const { sent, where } = credentialFormulas(credential, world)
  return [
    [...who, ...sent, ...where, ...how],
    [...who, ...sent, ...where],
    [...who, ...sent, ...how],
    [...who, ...sent],
  ]
}

/** That a credential is of the kind that was seen, and that it stands where it stood. */
function credentialFormulas(
  credential: SeenCredential | null,
  { kindFacet }: World,
): { readonly sent: readonly Formula[]; readonly where: readonly Formula[] } {
  if (credential === null) return { sent: [ABSENT], where: [] }
  const { kind, source, scheme } = credential
  const isScheme = among('scheme', [scheme ?? 'none'])
  const bound = boundScheme(credential) === null ? [] : [isScheme]
  return {
    sent: [among(kindFacet, [kind]), ...bound],
    where: [among('source', [source]), isScheme],
  }
}
