import { commentOn, describePeer, writeCurl } from '../../../diagnostics/write-curl.ts'
import { orElse } from '../../attempt.ts'
import type { Formula } from '../formula.ts'
import type { Reasoner } from '../reasoner.ts'
import { writeRequest } from './write-request.ts'

/** A request of which all formulas hold, as the part of a finding that shows it; none where it can't be written down, or a client would have to show a token. */
export function showRequest(
  reasoner: Reasoner,
  ...formulas: readonly Formula[]
): { readonly witness?: string } {
  return orElse(() => {
    const solution = reasoner.solveFor(
      (facts) =>
        facts.texts.get('client-name')?.isPresent !== true &&
        writeRequest(facts, reasoner) !== null,
      ...formulas,
    )
    if (solution.verdict !== 'yes') return {}
    const { facts } = solution
    const request = writeRequest(facts, reasoner)
    if (request === null) return {}
    const { needsToken: lacksToken, address } = reasoner.shown
    const asked = [...facts.texts.keys()].map((subject) => subject.replace(/^header /, ''))
    const asksForAddress = [...facts.address.wanted, ...facts.address.unwanted].length > 0
    const from = asksForAddress && request.peerIp !== address.from ? describePeer(request) : null
    return {
      witness:
        writeCurl(request, { asked, address }) + commentOn({ from, client: null, lacksToken }),
    }
  }, {})
}
