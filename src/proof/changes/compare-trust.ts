import { findAddress, type Network, parseNetwork } from '../../config/checks/reasoning/networks.ts'
import { lowerName } from '../../http/fields/header-names.ts'
import type { Steps } from '../../routing/compile/steps.ts'
import type { RequestView } from '../../routing/rules/request-view.ts'
import { requestOfClass } from '../classes/class-requests.ts'
import type { DecisionClass } from '../outcome.ts'
import type { World } from '../world.ts'
import { compareClassesOf } from './compare-request.ts'
import type { Comparing } from './comparing.ts'

/** A peer whose word about clients one of two files takes. */
interface Peer {
  readonly address: string
  /** The file that trusts it. */
  readonly world: World
}

/** Where other peers may name the client, sends a request of each class of the file that trusts one through it; by the other file the peer itself is the client. */
export function* compareTrust(comparing: Comparing): Steps<void> {
  for (const { address, world } of peersOfOne(comparing))
    for (const route of world.config.routes) {
      compareClassesOf(route, world, (one) => requestThrough(address, one, world), comparing)
      yield
    }
}

/** One peer that only the old file trusts, and one that only the new one does. */
function peersOfOne({ before, after }: Comparing): readonly Peer[] {
  const [old, now] = [networksOf(before), networksOf(after)]
  return [
    { address: findAddress({ wanted: [now], unwanted: [old] }), world: after },
    { address: findAddress({ wanted: [old], unwanted: [now] }), world: before },
  ].flatMap(({ address, world }) => (address ? [{ address, world }] : []))
}

function networksOf({ config }: World): readonly Network[] {
  return config.server.trust.map(parseNetwork)
}

/** A request of a class as a peer hands it on, with what only trusted ones may say; null: none could be written down. */
function requestThrough(peerIp: string, one: DecisionClass, world: World): RequestView | null {
  const direct = requestOfClass(one, world)
  if (direct === null || direct.peerIp === '') return null
  const headers = direct.headers.flatMap((name, at, all) =>
    at % 2 === 0 && !TOLD.includes(lowerName(name)) ? [name, all[at + 1] as string] : [],
  )
  const told = TOLD.flatMap((name) => [name, direct.peerIp])
  return { ...direct, headers: [...headers, ...told], peerIp }
}

const TOLD: readonly string[] = ['x-forwarded-for', 'x-real-ip']
