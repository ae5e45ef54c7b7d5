import { anyOf, type Formula, TRUE } from '../config/checks/reasoning/formula.ts'
import { DEFAULT_PLACES } from '../config/language/credential-places.ts'
import { headersOf } from '../config/language/place.ts'
import type { NormalAction, Place } from '../config/shapes/normal-config.ts'
import { HOP_BY_HOP, lowerName } from '../http/fields/header-names.ts'
import { compileRemove } from '../routing/rules/header-operations.ts'
import { type Chance, surely } from './chance.ts'
import type { DecisionClass } from './outcome.ts'
import { lookedAt } from './route-formula.ts'
import type { World } from './world.ts'

/** On every request that leaves, whatever the file says. */
const ALWAYS: ReadonlySet<string> = new Set(['host'])

/** Written as a request is sent, by the body, the connection and the trace: nothing is known of them. */
const SENT_WITH: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'te',
  'traceparent',
  'tracestate',
  'transfer-encoding',
  'upgrade',
])

/** Written by Keyway before the file's operations on some. */
const SOMETIMES: ReadonlySet<string> = new Set([
  'cdn-loop',
  'via',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
])

const EITHER: Chance = { may: TRUE, mayNot: TRUE }

/** Presence of a header before the action with this number, from 0. */
type PresenceAt = (header: string, action: number) => Chance

/** When a request of a class has a header as it leaves; `name` is in lower case. */
export function headerPresence(name: string, one: DecisionClass, world: World): Chance {
  const { outcome } = one
  if (outcome.action === 'reject') return surely(false)
  if (ALWAYS.has(name)) return surely(true)
  if (SENT_WITH.has(name)) return EITHER
  const { actions } = outcome
  const known = new Map<string, Chance>()
  const find: PresenceAt = (header, at) => {
    if (at === 0) return firstPresence(header, one, world)
    const { request } = actions[at - 1] as NormalAction
    const get = (other: string): Chance => presenceAt(other, at - 1)
    return request === null ? get(header) : apply(header, request, get)
  }
  const presenceAt: PresenceAt = (header, at) => {
    const key = `${at} ${header}`
    const chance = known.get(key) ?? find(header, at)
    known.set(key, chance)
    return chance
  }
  return presenceAt(name, actions.length)
}

type Operations = NonNullable<NormalAction['request']>

function apply(header: string, operations: Operations, get: (header: string) => Chance): Chance {
  const { remove, rename, set, add, append } = operations
  const isIn = (names: readonly string[]): boolean => names.some((one) => lowerName(one) === header)
  if ([set, add, append].some((values) => isIn(Object.keys(values ?? {})))) return surely(true)
  const isRemoved = compileRemove(remove ?? [])
  const sources = Object.entries(rename ?? {})
    .filter(([from, to]) => lowerName(to) === header && isRemoved?.(lowerName(from)) !== true)
    .map(([from]) => get(lowerName(from)))
  const isGone = isRemoved?.(header) === true || isIn(Object.keys(rename ?? {}))
  const kept = isGone ? surely(false) : get(header)
  return {
    may: anyOf([kept, ...sources].map(({ may }) => may)),
    mayNot: isGone && sources.length === 0 ? TRUE : kept.mayNot,
  }
}

/** Before the file's operations: what the client sent, the credential, and what Keyway writes. */
function firstPresence(name: string, one: DecisionClass, world: World): Chance {
  if (name === 'x-request-id') return surely(true)
  if (SOMETIMES.has(name)) return EITHER
  const credential = withAlong(name, one, credentialAt(name, one))
  if (isCleared(name, one, world)) return credential
  // A client's Connection may take away any field.
  const sent: Formula = { type: 'present', subject: `header ${name}`, holds: true }
  return { may: anyOf([sent, credential.may]), mayNot: credential.mayNot }
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
  if (fieldOf(place) !== name) return surely(false)
  return leaving.type === 'placed' ? surely(true) : EITHER
}

/** What goes along may stand there too. */
function withAlong(name: string, { outcome }: DecisionClass, chance: Chance): Chance {
  const also = outcome.action === 'forward' ? outcome.also : []
  if (!also.some(({ place }) => fieldOf(place) === name)) return chance
  return { may: TRUE, mayNot: chance.mayNot }
}

/** The field that holds what stands in a place; null: it stands in the query. */
function fieldOf({ in: sort, name }: Place): string | null {
  switch (sort) {
    case 'header':
      return name
    case 'cookie':
      return 'cookie'
    case 'subprotocol':
      return 'sec-websocket-protocol'
    case 'query':
      return null
  }
}

function isCleared(name: string, { route }: DecisionClass, world: World): boolean {
  if (HOP_BY_HOP.has(name) || name === 'host') return true
  const places = [
    ...DEFAULT_PLACES,
    ...world.catalogue.places,
    ...(route === null ? [] : lookedAt(route, world)),
  ]
  return headersOf(places).includes(name)
}
