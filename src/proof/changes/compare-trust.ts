import { findAddress, type Network, parseNetwork } from '../../config/checks/reasoning/networks.ts'
import { CantTell } from '../../config/checks/reasoning/verdict.ts'
import type { NormalRoute } from '../../config/shapes/normal-config.ts'
import { lowerName } from '../../http/fields/header-names.ts'
import type { Steps } from '../../routing/compile/steps.ts'
import type { RequestView } from '../../routing/rules/request-view.ts'
import { requestOfClass } from '../classes/class-requests.ts'
import { classesOf } from '../classes/classes.ts'
import { observe } from '../observe.ts'
import type { DecisionClass } from '../outcome.ts'
import type { World } from '../world.ts'
import { type Comparing, keepChange } from './comparing.ts'
import { dangerOf, differencesOf } from './danger.ts'

/** A peer whose word about clients one of two files takes. */
interface Peer {
  readonly address: string
  /** The file that trusts it. */
  readonly world: World
}

/** Where other peers may name the client, sends a request of each class of the file that trusts one through it; by the other file the peer itself is the client. */
export function* compareTrust(comparing: Comparing): Steps<void> {
  for (const peer of peersOfOne(comparing))
    for (const route of peer.world.config.routes) {
      compareRoute(route, peer, comparing)
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

function compareRoute(route: NormalRoute, { address, world }: Peer, comparing: Comparing): void {
  const { before, after, doubts } = comparing
  try {
    for (const one of classesOf(route, world)) {
      const request = one.fallback === null ? requestThrough(address, one, world) : null
      const was = request && observe(request, null, before)
      const is = request && observe(request, null, after)
      if (!request || !was || !is) continue
      const differences = differencesOf(was, is)
      if (differences.length > 0)
        keepChange({ danger: dangerOf(was, is), request, was, is, by: one, differences }, comparing)
    }
  } catch (error) {
    if (!(error instanceof CantTell)) throw error
    doubts.add(error.message)
  }
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
