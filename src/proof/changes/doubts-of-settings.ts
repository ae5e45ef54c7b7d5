import { isDeepStrictEqual } from 'node:util'
import { headersOf } from '../../config/language/place.ts'
import type { NormalClients, NormalKind } from '../../config/shapes/normal-config.ts'
import { askedSubjects } from '../showing/asked-subjects.ts'
import type { World } from '../world.ts'

/** What two files set for all requests that is no part of a class: of what it changes there is no telling. */
export function doubtsOfSettings(before: World, after: World): readonly string[] {
  const [old, now] = [before.config, after.config]
  return [
    ...(isDeepStrictEqual(before.kinds.map(toldBy), after.kinds.map(toldBy)) ? [] : [OTHER_KINDS]),
    ...movedTokens(old.clients, now.clients).map(
      (name) => `client "${name}" shows another token: whose requests it names is not compared`,
    ),
    ...doubtsOfClients(before, after),
    ...(isDeepStrictEqual(old.server.trust, now.server.trust) ||
    ![old, now].some((one) => askedSubjects(one).has('client-ip'))
      ? []
      : [OTHER_PROXIES]),
  ]
}

/** What a request holds beside its credential is looked through for others, which is no part of a class. */
const OTHER_KINDS =
  'kinds are described otherwise: credentials that stand where nobody looks for them may be refused otherwise'

/** A token that one of the files does not look for is a credential to it, or a header as any other. */
function doubtsOfClients(before: World, after: World): readonly string[] {
  const [old, now] = [before.config.clients, after.config.clients]
  if (old === null || now === null) return []
  if (!isDeepStrictEqual(old.places, now.places)) return [OTHER_TOKEN_PLACES]
  const known = ({ tokens }: NormalClients): string => tokens.map(({ name }) => name).join()
  return showsAmongCredentials(before) && known(old) !== known(now) ? [OTHER_CLIENTS] : []
}

/** Whether tokens stand where credentials do, so that a token that is nobody's may be one. */
export function showsAmongCredentials({ config, catalogue }: World): boolean {
  const shared = headersOf(catalogue.places)
  const places = config.clients?.places ?? []
  return places.some((place) => place.in !== 'header' || shared.includes(place.name))
}

const OTHER_TOKEN_PLACES =
  'clients show their tokens in other places: of requests with tokens where only one of the files looks, one of each class is compared'

const OTHER_CLIENTS =
  'other clients are known, whose tokens stand where credentials do: of requests with tokens that only one of the files knows, one of each class is compared'

const OTHER_PROXIES =
  'peers that may name the client are others, and the files ask for addresses: of what clients say behind a peer that one of the files trusts, one request of each class is compared'

/** What says of a text whether it is a credential of a kind; the rest is words. */
function toldBy({ name, prefixes, matches, forward, ambiguous, shape }: NormalKind): unknown {
  return { name, prefixes, matches, forward, ambiguous, shape }
}

/** Clients of both files whose tokens are read from elsewhere. */
function movedTokens(before: NormalClients | null, after: NormalClients | null): readonly string[] {
  const files = new Map(after?.tokens.map(({ name, file }) => [name, file]))
  return (before?.tokens ?? []).flatMap(({ name, file }) =>
    files.has(name) && files.get(name) !== file ? [name] : [],
  )
}
