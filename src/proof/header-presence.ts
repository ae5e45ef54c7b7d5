import { anyOf, type Formula, TRUE } from '../config/checks/reasoning/formula.ts'
import { DEFAULT_PLACES } from '../config/language/credential-places.ts'
import { formatPlace, headersOf } from '../config/language/place.ts'
import type { NormalAction } from '../config/shapes/normal-config.ts'
import { HOP_BY_HOP, lowerName } from '../http/fields/header-names.ts'
import { type Chance, surely } from './chance.ts'
import type { DecisionClass } from './outcome.ts'
import { placesOf } from './route-formula.ts'
import type { World } from './world.ts'

/** Written by Keyway on every request that leaves. */
const ALWAYS: ReadonlySet<string> = new Set(['x-request-id'])

/** Written by Keyway on some. */
const SOMETIMES: ReadonlySet<string> = new Set([
  'via',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
])

/** When a request of a class has a header as it leaves; `name` is in lower case. */
export function headerPresence(name: string, one: DecisionClass, world: World): Chance {
  const { outcome } = one
  if (outcome.action === 'reject') return surely(false)
  let names = new Map<string, Chance>()
  const get = (header: string): Chance => names.get(header) ?? firstPresence(header, one, world)
  for (const action of outcome.actions) {
    const { request } = action
    if (request === null) continue
    const next = new Map(names)
    for (const header of touched(request)) next.set(header, apply(header, request, get))
    names = next
  }
  return get(name)
}

type Operations = NonNullable<NormalAction['request']>

function touched({ remove, rename, set, add, append }: Operations): readonly string[] {
  const written = [set, add, append].flatMap((values) => Object.keys(values ?? {}))
  const renamed = Object.entries(rename ?? {}).flat()
  return [...(remove ?? []), ...renamed, ...written].map(lowerName)
}

function apply(header: string, operations: Operations, get: (header: string) => Chance): Chance {
  const { remove, rename, set, add, append } = operations
  const isIn = (names: readonly string[]): boolean => names.some((one) => lowerName(one) === header)
  if ([set, add, append].some((values) => isIn(Object.keys(values ?? {})))) return surely(true)
  const sources = Object.entries(rename ?? {})
    .filter(([, to]) => lowerName(to) === header)
    .map(([from]) => get(lowerName(from)))
  const isGone = isIn(remove ?? []) || isIn(Object.keys(rename ?? {}))
  const kept = isGone ? surely(false) : get(header)
  return {
    may: anyOf([kept, ...sources].map(({ may }) => may)),
    mayNot: isGone && sources.length === 0 ? TRUE : kept.mayNot,
  }
}

/** Before the file's operations: what the client sent, the credential, and what Keyway writes. */
function firstPresence(name: string, one: DecisionClass, world: World): Chance {
  if (ALWAYS.has(name)) return surely(true)
  if (SOMETIMES.has(name)) return { may: TRUE, mayNot: TRUE }
  const credential = withAlong(name, one, credentialAt(name, one))
  if (isCleared(name, one, world)) return credential
  // A client's Connection may take away any field.
  const sent: Formula = { type: 'present', subject: `header ${name}`, holds: true }
  return { may: anyOf([sent, credential.may]), mayNot: TRUE }
}

function credentialAt(name: string, { outcome }: DecisionClass): Chance {
  if (outcome.action === 'reject') return surely(false)
  const { leaving } = outcome
  if (leaving.type === 'none') return surely(false)
  if (leaving.type === 'as it came') {
    const may: Formula = { type: 'facet', facet: 'source', names: [name], holds: true }
    return { may, mayNot: { ...may, holds: false } }
  }
  const { place } = leaving.placement
  if (place.in !== 'header' || formatPlace(place) !== name) return surely(false)
  return leaving.type === 'placed' ? surely(true) : { may: TRUE, mayNot: TRUE }
}

/** What goes along may stand there too. */
function withAlong(name: string, { outcome }: DecisionClass, chance: Chance): Chance {
  const also = outcome.action === 'forward' ? outcome.also : []
  if (!headersOf(also.map(({ place }) => place)).includes(name)) return chance
  return { may: TRUE, mayNot: chance.mayNot }
}

function isCleared(name: string, { route }: DecisionClass, world: World): boolean {
  if (HOP_BY_HOP.has(name) || name === 'host') return true
  const places = [
    ...DEFAULT_PLACES,
    ...world.catalogue.places,
    ...(route === null ? [] : placesOf(route, world)),
  ]
  return headersOf(places).includes(name)
}
