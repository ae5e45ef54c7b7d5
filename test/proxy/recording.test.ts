import { expect, test } from 'vitest'
import { createKindScanner } from '../../src/config/naming/kind-scanner.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import type { ExchangeRecord } from '../../src/observability/exchange-record.ts'
import { OpenRequests } from '../../src/observability/open-requests.ts'
import { Recording } from '../../src/proxy/exchange/recording/recording.ts'
import type { Decision, Forward } from '../../src/routing/decide/decision.ts'
import { withoutRequest } from '../../src/routing/decide/without-request.ts'
import { compileText, view } from '../support/compile-text.ts'

const scanner = createKindScanner(loadCatalogue().kinds)
const { table } = compileText(`
version: 1
clients: { tokens: { alice: { file: a.sha256 } }, required: false }
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up }]`)

/** The path that is told of a request. */
function toldPath(target: string, headers: string[]): string {
  const records: ExchangeRecord[] = []
  const request = { id: 'id-1', method: 'GET', target, traceId: null }
  const onExchange = (record: ExchangeRecord): unknown => records.push(record)
  const recording = new Recording(request, {
    onExchange,
    secretUse: null,
    endSpan: null,
    open: new OpenRequests(),
    scanner,
  })
  recording.decide(table.decide(view(target.replace(/^http:\/\/[^/]*/, ''), headers)))
  recording.finish(200, null)
  return records[0]?.path ?? ''
}

test.each([
  ['a key', '/bot/sk-proj-FAKEfake1234/x?a=1', [], '/bot/<openai>/x'],
  ['the credential in use', '/bot/FAKE123/x', ['x-api-key', 'FAKE123'], '/bot/<credential>/x'],
  ["the client's token", '/client:alice/x', ['x-keyway-token', 'client:alice'], '/<credential>/x'],
  ['userinfo', 'http://user:FAKE@up.example/x', [], 'http://up.example/x'],
  ['nothing', '/v1/messages?beta=true', ['x-api-key', 'FAKE123'], '/v1/messages'],
])('a path is told without %s', (_, target, headers, path) => {
  expect(toldPath(target, headers)).toBe(path)
})

const KEY = 'sk-ant-api03-FAKE1234'
const fallingBack = compileText(`
version: 1
upstreams:
  a: { url: https://a.example, accepts: [anthropic-api-key] }
  b: { url: https://b.example, accepts: [anthropic-api-key] }
routes:
  - name: r
    match: { path: /* }
    upstream: a
    fallback: [{ on: [connect], upstream: b }]`).table

test('a recording of an answer that lasts keeps no decision with its request, and tells of the first decision all the same', () => {
  const records: ExchangeRecord[] = []
  const recording = new Recording(
    { id: 'id-1', method: 'GET', target: '/x', traceId: null },
    {
      onExchange: (record) => records.push(record),
      secretUse: null,
      endSpan: null,
      open: new OpenRequests(),
      scanner,
    },
  )
  const first = forwardOf(fallingBack.decide(view('/x', ['x-api-key', KEY])))
  const other = forwardOf(first.fallbacks[0]?.decide() ?? null)
  recording.decide(first)
  expect(JSON.stringify(recording)).toContain(KEY)
  recording.settle(withoutRequest(other))
  expect(JSON.stringify(recording)).not.toContain(KEY)
  recording.finish(200, null)
  expect(records[0]).toMatchObject({ upstream: 'b', first: { upstream: 'a' } })
})

function forwardOf(decision: Decision | null): Forward {
  if (decision?.action !== 'forward') throw new Error('it is not forwarded')
  return decision
}
