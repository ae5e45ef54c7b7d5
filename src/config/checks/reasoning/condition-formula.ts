import type { NormalCondition, NormalMatcher } from '../../shapes/normal-config.ts'
import { allOf, anyOf, type Formula, not, type Subject } from './formula.ts'
import type { KindFacet } from './kind-facet.ts'
import { parseNetwork } from './networks.ts'
import type { TextAtom, TextAtoms } from './text/text-atom.ts'

/** What a condition asks of a request; throws where a pattern or an address in it can't be read. */
export function conditionFormula(
  condition: NormalCondition,
  atoms: TextAtoms,
  kindFacet: KindFacet = 'kind',
): Formula {
  switch (condition.type) {
    case 'all':
      return allOf(condition.of.map((part) => conditionFormula(part, atoms, kindFacet)))
    case 'any':
      return anyOf(condition.of.map((part) => conditionFormula(part, atoms, kindFacet)))
    case 'not':
      return not(conditionFormula(condition.of, atoms, kindFacet))
    case 'kind':
      return { type: 'facet', facet: kindFacet, names: condition.in, holds: true }
    case 'scheme':
    case 'source':
      return { type: 'facet', facet: condition.type, names: condition.in, holds: true }
    case 'path-pattern':
      return { type: 'text', subject: 'path', atom: atoms.path(condition.pattern), holds: true }
    case 'client-ip':
      return { type: 'address', networks: condition.in.map(parseNetwork), holds: true }
    case 'header':
    case 'query':
      return matcherFormula(`${condition.type} ${condition.name}`, condition.matcher, atoms)
    case 'credential':
    case 'method':
    case 'path':
    case 'host':
    case 'client-name':
      return matcherFormula(condition.type, condition.matcher, atoms)
  }
}

/** What a matcher asks of the text of a subject. */
export function matcherFormula(
  subject: Subject,
  matcher: NormalMatcher,
  atoms: TextAtoms,
): Formula {
  if (matcher.present === false) return { type: 'present', subject, holds: false }
  const found = atomsOf(matcher, atoms)
  if (found.length === 0) return { type: 'present', subject, holds: true }
  return allOf(found.map((atom) => ({ type: 'text', subject, atom, holds: true })))
}

function atomsOf(matcher: NormalMatcher, atoms: TextAtoms): TextAtom[] {
  const { equals, prefix, suffix, contains, matches, in: list } = matcher
  return [
    ...(equals === undefined ? [] : [atoms.oneOf([equals])]),
    ...(list === undefined ? [] : [atoms.oneOf(list)]),
    ...(prefix === undefined ? [] : [atoms.prefix(prefix)]),
    ...(suffix === undefined ? [] : [atoms.suffix(suffix)]),
    ...(contains === undefined ? [] : [atoms.contains(contains)]),
    ...(matches === undefined ? [] : [atoms.matches(matches)]),
  ]
}
