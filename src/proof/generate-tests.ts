import type { Test } from '../config/shapes/config.generated.ts'
import { fieldPairs } from '../http/fields/field-pairs.ts'
import { lowerName } from '../http/fields/header-names.ts'
import type { Decision } from '../routing/decide/decision.ts'
import type { RequestView } from '../routing/rules/request-view.ts'
import { tokenOf } from '../testing/request.ts'
import { runTest } from '../testing/run-test.ts'
import { listClasses } from './classes/all-classes.ts'
import { isDecidedSo, requestOfClass } from './classes/class-requests.ts'
import { credentialHeaders } from './credential-headers.ts'
import { observe } from './observe.ts'
import type { DecisionClass } from './outcome.ts'
import type { World } from './world.ts'

/** Writes one test for each class of decisions of a file: the requests pass, and say what becomes of them now. */
export function generateTests(world: World): readonly Test[] {
  const names = new Map<string, number>()
  return listClasses(world).classes.flatMap((one): Test[] => {
    if (one.fallback !== null) return []
    const request = requestOfClass(one, world)
    // A test names an address that its client has.
    if (request === null || request.peerIp === '') return []
    const test = writeTest(withMarkedCredential(request, one, world), world)
    const count = (names.get(test.name) ?? 0) + 1
    names.set(test.name, count)
    const named = count === 1 ? test : { ...test, name: `${test.name} (${count})` }
    return runTest(named, world.config, world.table()).differences.length === 0 ? [named] : []
  })
}

/** The same request with a credential that anybody sees to be made up, where that is decided alike. */
function withMarkedCredential(request: RequestView, one: DecisionClass, world: World): RequestView {
  const value = observe(request, null, world)?.explanation.credential?.value
  if (value === undefined) return request
  const marked = `${value}${/[A-Za-z0-9]$/.test(value) ? '-' : ''}TEST`
  const headers = request.headers.map((text, index) =>
    index % 2 === 1 && text.endsWith(value)
      ? text.slice(0, text.length - value.length) + marked
      : text,
  )
  const changed = { ...request, headers }
  return isDecidedSo(changed, one, world) ? changed : request
}

function writeTest(request: RequestView, world: World): Test {
  const { decision } = world.table().explain(request)
  return {
    name: nameOf(decision),
    request: writeRequest(request, decision),
    expect: {
      route: decision.route,
      rule: decision.rule,
      ...(decision.action === 'reject'
        ? { status: decision.status }
        : {
            upstream: decision.upstream.config.name,
            path: decision.target,
            headers: writeHeaders(request, decision.headers, world),
          }),
    },
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
  const kind = decision.credentialKind
  return `${by}: to ${decision.upstream.config.name} ${kind === null ? 'without a credential' : `with kind ${kind}`}`
}

function writeRequest(
  { method, target, headers, peerIp }: RequestView,
  { client }: Decision,
): Test['request'] {
  const token = client === null ? null : tokenOf(client.name)
  const fields: Record<string, string> = {}
  for (const [name, value] of fieldPairs(headers)) {
    const isOurs = (lowerName(name) === 'host' && value === 'localhost') || value === token
    if (!isOurs) fields[lowerName(name)] = value
  }
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

/** What leaves where a credential may stand, and what does not leave there any more. */
function writeHeaders(
  request: RequestView,
  leaving: readonly string[],
  { catalogue }: World,
): Record<string, string | null> {
  const known = credentialHeaders(catalogue)
  const expected: Record<string, string | null> = {}
  for (const [name] of fieldPairs(request.headers))
    if (known.has(lowerName(name))) expected[lowerName(name)] = null
  for (const [name, value] of fieldPairs(leaving))
    if (known.has(lowerName(name))) expected[lowerName(name)] = withReferences(value)
  return expected
}

/** Stand-ins for secrets become what the file calls them. */
function withReferences(text: string): string {
  return text.replaceAll(/secret:([A-Za-z0-9._-]+)/g, (_, name: string) => `\${secret.${name}}`)
}
