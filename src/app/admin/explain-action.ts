import { type AdminAction, jsonAnswer } from '../../admin/admin-page.ts'
import { createMask } from '../../config/diagnostics/mask.ts'
import { headersOf } from '../../config/language/place.ts'
import { mergeKinds } from '../../config/normalize/merge-kinds.ts'
import { loadCatalogue } from '../../credentials/catalogue.ts'
import { createClassifier } from '../../credentials/classify.ts'
import { createRedactor } from '../../credentials/show/redact.ts'
import { describeExplanation } from '../../routing/decide/explain/describe-explanation.ts'
import { encodeBeyondAscii } from '../../http/target/request-target.ts'
import type { RequestView } from '../../routing/rules/request-view.ts'
import type { Snapshot } from '../../routing/snapshot.ts'

/** A request as it is asked about. */
interface AskedRequest {
  readonly method?: string
  readonly path: string
  /** By name, or as pairs where a name comes twice. */
  readonly headers?: Readonly<Record<string, string>> | readonly (readonly [string, string])[]
  readonly clientIp?: string
}

/** Creates the action that explains a request by what runs; nothing is sent, and no credential is shown. */
export function createExplainAction(current: () => Snapshot): AdminAction {
  return (body) => {
    const asked = parseAsked(body)
    if (typeof asked === 'string') return jsonAnswer({ error: asked }, 400)
    return jsonAnswer(explain(asked, current()))
  }
}

function explain(asked: AskedRequest, { config, table, secrets, scanner }: Snapshot): unknown {
  const catalogue = loadCatalogue()
  const classify = createClassifier(mergeKinds(catalogue.kinds, config.kinds))
  const redactor = createRedactor(classify, scanner)
  const view = viewOf(asked)
  redactor.hideRequest(view.headers, headersOf(config.clients?.places ?? []))
  const explanation = table.explain(view)
  if (explanation.credential) redactor.hide(explanation.credential.value)
  if (explanation.decision.action === 'forward')
    for (const { value } of explanation.decision.secrets) redactor.hide(value)
  // The keys of pools take turns: this one was taken, and the next request gets the next.
  for (const { name } of secrets.describe()) redactor.hide(secrets.read(name) ?? '')
  const described = describeExplanation({ view, explanation, loaded: { catalogue }, redactor })
  const mask = createMask(mergeKinds(catalogue.kinds, config.kinds))
  return JSON.parse(mask(redactor.redact(JSON.stringify(described))))
}

function viewOf({ method, path, headers = [], clientIp }: AskedRequest): RequestView {
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers)
  return {
    method: method ?? 'GET',
    target: encodeBeyondAscii(path),
    headers: pairs.flat(),
    peerIp: clientIp ?? '127.0.0.1',
    protocol: 'http',
    id: 'explained',
  }
}

function parseAsked(body: string): AskedRequest | string {
  let asked: unknown
  try {
    asked = JSON.parse(body)
  } catch {
    return 'the body is no JSON; send { "method": "GET", "path": "/", "headers": {} }'
  }
  if (typeof asked !== 'object' || asked === null) return 'send an object'
  const { method, path, headers, clientIp } = asked as Record<string, unknown>
  if (typeof path !== 'string' || !path.startsWith('/')) return '"path" begins with "/"'
  if (method !== undefined && typeof method !== 'string') return '"method" is a text'
  if (clientIp !== undefined && typeof clientIp !== 'string') return '"clientIp" is a text'
  if (headers !== undefined && !areHeaders(headers)) return '"headers" holds texts by name'
  return asked as AskedRequest
}

function areHeaders(headers: unknown): boolean {
  if (typeof headers !== 'object' || headers === null) return false
  if (!Array.isArray(headers)) return Object.values(headers).every((one) => typeof one === 'string')
  return headers.every(
    (pair) =>
      Array.isArray(pair) && pair.length === 2 && pair.every((one) => typeof one === 'string'),
  )
}
