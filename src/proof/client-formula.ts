import {
  allOf,
  anyOf,
  type Formula,
  not,
  type Subject,
} from '../config/checks/reasoning/formula.ts'
import { headersOf } from '../config/language/place.ts'
import type { NormalClients } from '../config/shapes/normal-config.ts'
import type { World } from './world.ts'

/** The same of a file by which clients that only the other one knows are nobody. */
export function withOwnClients(formula: Formula, world: World): Formula {
  const { otherClients } = world
  if (otherClients.length === 0) return formula
  if (formula.type === 'all' || formula.type === 'any')
    return { type: formula.type, of: formula.of.map((part) => withOwnClients(part, world)) }
  if (!('subject' in formula) || formula.subject !== 'client-name') return formula
  const stranger = isStranger(world)
  return formula.holds ? allOf([formula, not(stranger)]) : anyOf([formula, stranger])
}

/** That a client says who it is, where it must, and shows no token that is nobody's: preflights of browsers may be let off. */
export function knownClient(world: World): readonly Formula[] {
  const { clients } = world.config
  if (clients === null) return []
  const wanted = clients.isRequired
    ? [withOwnClients(present('client-name'), world)]
    : refusesStrangers(clients, world)
      ? [not(isStranger(world))]
      : []
  if (clients.preflight === 'closed') return wanted
  return wanted.map((known) => anyOf([known, isPreflight(world)]))
}

/** Whether a token that is nobody's is refused where none need be shown: it stands in a header of its own. */
function refusesStrangers({ places: [place] }: NormalClients, world: World): boolean {
  if (world.otherClients.length === 0 || place?.in !== 'header') return false
  return !headersOf(world.catalogue.places).includes(place.name)
}

function isStranger({ reasoner, otherClients }: World): Formula {
  const atom = reasoner.atoms.oneOf(otherClients)
  return { type: 'text', subject: 'client-name', atom, holds: true }
}

function isPreflight({ reasoner }: World): Formula {
  const isOptions: Formula = {
    type: 'text',
    subject: 'method',
    atom: reasoner.atoms.oneOf(['OPTIONS']),
    holds: true,
  }
  return allOf([isOptions, ...PREFLIGHT_HEADERS.map(present)])
}

const PREFLIGHT_HEADERS = ['header origin', 'header access-control-request-method'] as const

function present(subject: Subject): Formula {
  return { type: 'present', subject, holds: true }
}
