import type { Test } from '../config/shapes/config.generated.ts'
import type { NormalConfig } from '../config/shapes/normal-config.ts'
import { fieldPairs } from '../http/fields/field-pairs.ts'
import { lowerName } from '../http/fields/header-names.ts'
import type { Decision, Forward } from '../routing/decide/decision.ts'
import type { RequestView } from '../routing/rules/request-view.ts'
import { withoutToken } from '../testing/request.ts'
import { credentialHeaders } from './credential-headers.ts'
import { observe } from './observe.ts'
import { usedPlaces } from './route-formula.ts'
import type { World } from './world.ts'

/** The same request with a credential that anybody sees to be made up, where that is decided alike. */
export function withMarkedCredential(
  request: RequestView,
  world: World,
  isDecidedAlike: (changed: RequestView) => boolean,
): RequestView {
  const value = observe(request, null, world)?.explanation.credential?.value
  if (value === undefined) return request
  const marked = `${value}${/[A-Za-z0-9]$/.test(value) ? '-' : ''}TEST`
  const headers = request.headers.map((text, index) =>
    index % 2 === 1 && text.endsWith(value)
      ? text.slice(0, text.length - value.length) + marked
      : text,
  )
  const changed = { ...request, headers }
  return isDecidedAlike(changed) ? changed : request
}

/** Writes a request down as a test that expects what becomes of it now, but for what the environment gives. */
export function writeTest(request: RequestView, world: World): Test {
  const decision = world.table().decide(request)
  const { route, rule } = decision
  const end =
    decision.action === 'reject'
      ? { status: decision.status }
      : writeForward(request, decision, world)
  return {
    name: nameOf(decision),
    request: writeRequest(request, decision, world),
    expect: { route, rule, ...end },
  }
}

function writeForward(request: RequestView, forward: Forward, world: World): Test['expect'] {
  const blind = world.blindTable().decide(request)
  const isSame = blind.action === 'forward'
  return {
    upstream: forward.upstream.config.name,
    ...(isSame && blind.target === forward.target ? { path: forward.target } : {}),
    headers: writeHeaders(request, forward, { blind: isSame ? blind.headers : [], world }),
  }
}

function nameOf(decision: Decision): string {
  const { route, rule } = decision
  const by =
    route === null
      ? 'no route'
      : rule === null
        ? `route ${route}, no rule`
        : `route ${route}, rule ${rule}`
  if (decision.action === 'reject') return `${by}: ${decision.status} ${decision.code}`
  return `${by}: to ${decision.upstream.config.name} ${sentWith(decision)}`
}

/** What leaves, as far as a name tells: an own secret, or a credential of a kind. */
function sentWith({ credentialKind: kind, secrets }: Forward): string {
  if (secrets.length > 0) {
    const names = secrets.map(({ name }) => name).join(' and ')
    return `with secret ${names}${kind === null ? '' : ` for kind ${kind}`}`
  }
  return kind === null ? 'without a credential' : `with kind ${kind}`
}

function writeRequest(view: RequestView, { client }: Decision, world: World): Test['request'] {
  const { clients } = world.config
  const own = client && clients ? withoutToken(view, clients, client.name) : view
  const { method, target, headers, peerIp } = own
  const fields = writeFields(headers)
  return {
    ...(method === 'GET' ? {} : { method }),
    path: target,
    ...(Object.keys(fields).length === 0 ? {} : { headers: fields }),
    ...(client === null && peerIp === '127.0.0.1'
      ? {}
      : {
          client: {
            ...(client === null ? {} : { name: client.name }),
            ...(peerIp === '127.0.0.1' ? {} : { ip: peerIp }),
          },
        }),
  }
}

/** Fields by name, those of one name together. */
function writeFields(headers: RequestView['headers']): NonNullable<Test['request']['headers']> {
  const fields: Record<string, string | string[]> = {}
  for (const [name, value] of fieldPairs(headers)) {
    const lower = lowerName(name)
    if (lower === 'host' && value === 'localhost') continue
    const before = fields[lower]
    fields[lower] = before === undefined ? value : [before, value].flat()
  }
  return fields
}

interface Beside {
  /** What leaves where the environment gives something else. */
  readonly blind: readonly string[]
  readonly world: World
}

/** What leaves where a credential may stand, and what does not leave there any more. */
function writeHeaders(
  request: RequestView,
  { headers: leaving }: Forward,
  { blind, world }: Beside,
): NonNullable<Test['expect']['headers']> {
  const known = new Set([...credentialHeaders(world.catalogue), ...ownHeaders(world.config)])
  const expected: NonNullable<Test['expect']['headers']> = {}
  for (const [name] of fieldPairs(request.headers))
    if (known.has(lowerName(name))) expected[lowerName(name)] = null
  for (const [name, value] of fieldPairs(leaving)) {
    if (!known.has(lowerName(name))) continue
    const isOfFile = fieldPairs(blind).some((pair) => pair[0] === name && pair[1] === value)
    expected[lowerName(name)] = isOfFile ? withReferences(value) : { present: true }
  }
  return expected
}

/** Headers beside those that are known in which a file puts credentials. */
function ownHeaders({ routes }: NormalConfig): readonly string[] {
  const fallbacks = routes.flatMap((route) =>
    route.fallback.map(({ rules }) => ({ rules, also: route.also })),
  )
  return [...routes, ...fallbacks]
    .flatMap(usedPlaces)
    .flatMap(({ place }) => (place.in === 'header' ? [place.name] : []))
}

/** Stand-ins for secrets become what the file calls them. */
function withReferences(text: string): string {
  return text.replaceAll(/secret:([A-Za-z0-9._-]+)/g, (_, name: string) => `\${secret.${name}}`)
}
