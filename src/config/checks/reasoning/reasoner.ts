import { type CurlAddress, DEFAULT_CURL_ADDRESS } from '../../diagnostics/curl-address.ts'
import type { NormalCondition, NormalKind, NormalMatcher } from '../../shapes/normal-config.ts'
import { conditionFormula, matcherFormula } from './condition-formula.ts'
import {
  createFindCredential,
  type FindCredential,
  type Thoroughness,
} from './credential-readings.ts'
import { createDomains, type DomainSettings } from './domains.ts'
import { type Facts, factsOf } from './facts.ts'
import { createFindIn, type FindSample, isAllowed } from './find-sample.ts'
import type { Formula, Subject } from './formula.ts'
import type { KindFacet } from './kind-facet.ts'
import { type Solution, type Solving, solve } from './solve.ts'
import { createTextAtoms, type TextAtoms } from './text/text-atom.ts'

/** Reasons about all requests at once; what it has worked out it remembers. */
export interface Reasoner {
  readonly shown: ShownTo
  readonly atoms: TextAtoms
  readonly formulaOf: (condition: NormalCondition, kindFacet?: KindFacet) => Formula
  readonly formulaOfMatcher: (subject: Subject, matcher: NormalMatcher) => Formula
  /** Whether there is a request of which all formulas hold. */
  readonly solve: (...formulas: readonly Formula[]) => Solution
  /** Finds a request of which all formulas hold, among those that are wanted. */
  readonly solveFor: (isWanted: Solving['isWanted'], ...formulas: readonly Formula[]) => Solution
  readonly sampleOf: FindSample
  readonly credentialOf: FindCredential
  /** Whether a text is one that a subject may have as far as is known. */
  readonly fits: (facts: Facts, subject: Exclude<Subject, 'credential'>, text: string) => boolean
}

/** The proxy to which requests are shown. */
export interface ShownTo {
  /** Whether they have to show a client's token, which none of them does. */
  readonly needsToken: boolean
  readonly address: CurlAddress
}

/** What is known of the world that requests come from. */
export interface ReasonerSettings extends DomainSettings {
  /** Default: a proxy that asks for no token. */
  readonly shown?: ShownTo
  /** The catalogue's with the file's, in their order. */
  readonly kinds: readonly NormalKind[]
  /** Those of another file that it is compared with. */
  readonly otherKinds?: readonly NormalKind[]
  /** Where schemes that bind a credential, such as Basic, are thought of: wherever they are possible, or where a condition names them. */
  readonly schemes: Thoroughness
}

/** Creates a reasoner for one file. */
export function createReasoner({
  kinds,
  otherKinds = kinds,
  schemes,
  shown = { needsToken: false, address: DEFAULT_CURL_ADDRESS },
  ...settings
}: ReasonerSettings): Reasoner {
  const meter = { spent: 0 }
  const atoms = createTextAtoms({ kind: kinds, 'other kind': otherKinds }, meter)
  const domainOf = createDomains(atoms, settings)
  const findIn = createFindIn(meter)
  const findCredential = createFindCredential(atoms, findIn, schemes)
  const sampleOf: FindSample = (facts, subject) => {
    const { isAlwaysPresent } = domainOf(subject)
    const known = factsOf(facts, subject)
    if (known.isPresent === false) return isAlwaysPresent ? null : undefined
    if (known.isPresent === null && !isAlwaysPresent) return undefined
    if (subject === 'credential') return findCredential(facts)?.value ?? null
    return findIn(domainOf(subject), known)
  }
  const unusual = domainOf('path').avoided
  const isPlain: readonly Formula[] = unusual.map((atom) => ({
    type: 'text',
    subject: 'path',
    atom,
    holds: false,
  }))
  /** A path that others may read otherwise is refused, unless both readings lead to one end: it shows little. */
  const preferPlainPath = (
    formulas: readonly Formula[],
    isWanted: Solving['isWanted'],
  ): Solution => {
    const solving: Solving = { findSample: sampleOf, meter, isWanted }
    const solution = solve(formulas, solving)
    if (solution.verdict !== 'yes') return solution
    const path = sampleOf(solution.facts, 'path') ?? ''
    if (!unusual.some(({ accepts }) => accepts(path))) return solution
    const plain = solve([...formulas, ...isPlain], solving)
    return plain.verdict === 'yes' ? plain : solution
  }
  return {
    shown,
    atoms,
    formulaOf: (condition, kindFacet) => conditionFormula(condition, atoms, kindFacet),
    formulaOfMatcher: (subject, matcher) => matcherFormula(subject, matcher, atoms),
    solve: (...formulas) => preferPlainPath(formulas, () => true),
    solveFor: (isWanted, ...formulas) => preferPlainPath(formulas, isWanted),
    sampleOf,
    credentialOf: findCredential,
    fits: (facts, subject, text) => isAllowed(text, domainOf(subject), factsOf(facts, subject)),
  }
}
