import { commentOn } from '../../config/diagnostics/write-curl.ts'
import type { Finding } from '../../config/diagnostics/finding.ts'
import type { Prove } from '../../config/load.ts'
import type { NormalConfig, NormalInvariant } from '../../config/shapes/normal-config.ts'
import type { Path } from '../../config/text/document.ts'
import { describeDecision } from '../showing/describe-decision.ts'
import type { DecisionClass } from '../outcome.ts'
import { showWitness } from '../showing/show-witness.ts'
import { createWorld, type World, type WorldSources } from '../world.ts'
import type { Counterexample } from './prove-invariant.ts'
import { type ProvedInvariant, proveInvariants } from './prove-invariants.ts'

/** Creates what proves a file's invariants whenever it is read: one that is broken is an error. */
export function createProve(sources: WorldSources): Prove {
  return (config) => {
    if (config.invariants.length === 0) return []
    return findBroken(createWorld(config, sources))
  }
}

/** Proves the invariants of a world's file. */
export function findBroken(world: World): readonly Finding[] {
  return proveInvariants(world.config.invariants, world).flatMap((one) => findingsOf(one, world))
}

function findingsOf({ invariant, proof }: ProvedInvariant, world: World): Finding[] {
  switch (proof.verdict) {
    case 'holds':
      return []
    case "can't tell":
      return [
        {
          code: 'unproved-invariant',
          severity: 'warning',
          path: ['invariants', invariant.index],
          message: `there is no telling whether this always holds: ${proof.reason}`,
          hint: 'say it of fewer requests by "for", or write plainer patterns',
        },
      ]
    case 'broken':
      return findingsOfBroken(invariant, proof.by, world)
  }
}

/** At the invariant, and at what decides the request. */
function findingsOfBroken(
  { name, index }: NormalInvariant,
  { request, observed, claim, class: one }: Counterexample,
  { config }: World,
): Finding[] {
  const shown = showWitness(request, [observed], [config])
  const common = {
    code: 'broken-invariant',
    severity: 'error',
    witness: shown.command + commentOn(shown.beside),
  } as const
  const { from } = shown.beside
  const where = from === null ? '' : ` from ${from}`
  const decided = describeDecision(observed.decision)
  const atInvariant: Finding = {
    ...common,
    path: ['invariants', index, claim],
    message: `this request breaks it: ${shown.command}${where} is ${decided}`,
    hint: 'run "keyway explain" on it, and change what decides it, or the invariant',
  }
  const message = `this breaks the invariant "${name}"`
  const atRule: Finding = { ...common, path: placeOf(one, config), message }
  return one.route === null ? [atInvariant] : [atInvariant, atRule]
}

/** Where what decides a class stands in the file. */
export function placeOf({ route, fallback, rule }: DecisionClass, config: NormalConfig): Path {
  if (route === null) return ['routes']
  const at: Path = ['routes', route.index]
  const base = fallback === null ? at : [...at, 'fallback', fallback]
  const own = config.routes[route.index]
  const isOwn = (fallback === null ? own : own?.fallback[fallback])?.rules.some(
    (other) => other.index === rule?.index,
  )
  return rule === null || !isOwn ? base : [...base, 'rules', rule.index]
}
