import { parsePlace } from '../../../language/place.ts'
import { holderOf } from '../facts.ts'
import { anyOf, type Formula, isLiteral, type Literal, type Subject } from '../formula.ts'

/** What is known of where the one credential stands, as far as formulas ask for it. */
export interface HeldAsOne {
  /** Headers and parameters that are asked for, and in which credentials are looked for too. */
  readonly holders: ReadonlySet<Subject>
  /** That what stands in one of them is the credential, there or in a place that comes before. */
  readonly formulas: readonly Formula[]
}

/**
 * Works out which subjects of formulas hold a credential where they are there: another one in them
 * would be a second, which formulas do not say.
 */
export function heldAsOne(formulas: readonly Formula[]): HeldAsOne {
  const literals = formulas.flatMap(literalsIn)
  const asked = new Set(literals.flatMap((one) => ('subject' in one ? [one.subject] : [])))
  const places = [
    ...new Set(
      literals.flatMap((one) => (one.type === 'facet' && one.facet === 'source' ? one.names : [])),
    ),
  ]
  const held = places.flatMap((name, at) => {
    const { in: sort } = parsePlace(name)
    const subject = holderOf(name)
    // A cookie is only a part of its header.
    const isHolder = (sort === 'header' || sort === 'query') && asked.has(subject)
    return isHolder ? [{ subject, sources: places.slice(0, at + 1) }] : []
  })
  return {
    holders: new Set(held.map(({ subject }) => subject)),
    formulas: held.map(({ subject, sources }) =>
      anyOf([
        { type: 'present', subject, holds: false },
        { type: 'facet', facet: 'source', names: sources, holds: true },
      ]),
    ),
  }
}

function literalsIn(formula: Formula): readonly Literal[] {
  return isLiteral(formula) ? [formula] : formula.of.flatMap(literalsIn)
}
