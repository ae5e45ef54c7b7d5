import { expect, test } from 'vitest'
import { createKindScanner } from '../../src/config/naming/kind-scanner.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import type { ExchangeRecord } from '../../src/observability/exchange-record.ts'
import { OpenRequests } from '../../src/observability/open-requests.ts'
import { Recording } from '../../src/proxy/exchange/recording/recording.ts'
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
