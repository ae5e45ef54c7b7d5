import type { KindFacet } from './kind-facet.ts'
import type { Network } from './networks.ts'
import type { TextAtom } from './text/text-atom.ts'

/** What a request is looked at for; each is independent of the others. */
export type Subject =
  | 'method'
  | 'path'
  | 'host'
  | 'credential'
  | 'client-name'
  | `header ${string}`
  | `query ${string}`

/** What is known of a credential beside its value. */
export type Facet = KindFacet | 'scheme' | 'source'

/** One thing that is so, or is not. */
export type Literal =
  | { readonly type: 'present'; readonly subject: Subject; readonly holds: boolean }
  /** The subject is there and its text is among the atom's; or that is not so. */
  | {
      readonly type: 'text'
      readonly subject: Subject
      readonly atom: TextAtom
      readonly holds: boolean
    }
  /** There is a credential and it is one of these; or that is not so. */
  | {
      readonly type: 'facet'
      readonly facet: Facet
      readonly names: readonly string[]
      readonly holds: boolean
    }
  | { readonly type: 'address'; readonly networks: readonly Network[]; readonly holds: boolean }
  /** Something that nothing is known of but that it is so or not. */
  | { readonly type: 'flag'; readonly name: string; readonly holds: boolean }

/** What is asked of a request, with `not` pushed down to the literals. */
export type Formula = Literal | { readonly type: 'all' | 'any'; readonly of: readonly Formula[] }

/** Always so. */
export const TRUE: Formula = { type: 'all', of: [] }

/** Never so. */
export const FALSE: Formula = { type: 'any', of: [] }

/** All of them. */
export function allOf(of: readonly Formula[]): Formula {
  if (of.some(isNever)) return FALSE
  const parts = of.filter((part) => part.type !== 'all' || part.of.length > 0)
  return parts.length === 1 ? (parts[0] as Formula) : { type: 'all', of: parts }
}

/** At least one of them. */
export function anyOf(of: readonly Formula[]): Formula {
  if (of.some((part) => part.type === 'all' && part.of.length === 0)) return TRUE
  const parts = of.filter((part) => !isNever(part))
  return parts.length === 1 ? (parts[0] as Formula) : { type: 'any', of: parts }
}

/** Whether a formula says one thing alone. */
export function isLiteral(formula: Formula): formula is Literal {
  return formula.type !== 'all' && formula.type !== 'any'
}

/** Whether a formula is plainly never so. */
export function isNever(formula: Formula): boolean {
  return formula.type === 'any' && formula.of.length === 0
}

/** What is so where the formula is not. */
export function not(formula: Formula): Formula {
  switch (formula.type) {
    case 'all':
      return { type: 'any', of: formula.of.map(not) }
    case 'any':
      return { type: 'all', of: formula.of.map(not) }
    default:
      return { ...formula, holds: !formula.holds }
  }
}
