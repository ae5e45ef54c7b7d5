import type { NormalRoute } from '../../shapes/normal-config.ts'
import { allOf, anyOf, type Formula } from './formula.ts'
import type { Reasoner } from './reasoner.ts'

/** What a route's match asks for, one formula for each subject. */
export interface MatchPart {
  readonly subject: string
  readonly formula: Formula
}

/** Takes a route's match apart; throws where a path or a pattern in it can't be read. */
export function matchParts(match: NormalRoute['match'], reasoner: Reasoner): readonly MatchPart[] {
  const { atoms } = reasoner
  const text = (subject: 'path' | 'method', atom: ReturnType<typeof atoms.path>): MatchPart => ({
    subject,
    formula: { type: 'text', subject, atom, holds: true },
  })
  return [
    text('path', atoms.path(match.path)),
    ...(match.hosts === null
      ? []
      : [{ subject: 'host', formula: hostsFormula(match.hosts, reasoner) }]),
    ...(match.methods === null ? [] : [text('method', atoms.oneOf(match.methods))]),
    ...match.headers.map(({ name, matcher }) => ({
      subject: `header ${name}`,
      formula: reasoner.formulaOfMatcher(`header ${name}`, matcher),
    })),
  ]
}

/** That a route's match holds. */
export function matchFormula(match: NormalRoute['match'], reasoner: Reasoner): Formula {
  return allOf(matchParts(match, reasoner).map(({ formula }) => formula))
}

/** That the host is one of some, exact or `*.example.com`. */
function hostsFormula(hosts: readonly string[], reasoner: Reasoner): Formula {
  return anyOf(hosts.map((host) => hostFormula(host, reasoner)))
}

/** That the host is this one, or one below `*.example.com`. */
export function hostFormula(host: string, { atoms }: Reasoner): Formula {
  const atom = host.startsWith('*') ? atoms.suffix(host.slice(1)) : atoms.oneOf([host])
  return { type: 'text', subject: 'host', atom, holds: true }
}
