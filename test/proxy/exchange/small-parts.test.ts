import { expect, test, vi } from 'vitest'
import { restKey } from '../../../src/proxy/exchange/delivery/rest-key.ts'
import {
  describeRequest,
  findBond,
  wayOf,
} from '../../../src/proxy/exchange/delivery/outgoing-request.ts'
import {
  isEventStream,
  withRequestId,
  withSubprotocol,
} from '../../../src/proxy/exchange/answer-fields.ts'
import { type Incoming, targetOf } from '../../../src/proxy/exchange/incoming.ts'
import { readRequestId } from '../../../src/proxy/exchange/request-id.ts'
import { takeShare } from '../../../src/proxy/exchange/take-share.ts'
import { Bond } from '../../../src/proxy/upstream/bond.ts'
import type { Slot } from '../../../src/proxy/upstream/upstream-group.ts'
import type { UpstreamPool } from '../../../src/proxy/upstream/upstream-pool.ts'
import type { Forward } from '../../../src/routing/decide/decision.ts'
import { compileText } from '../../support/compile-text.ts'

const NTLM = ['Authorization', 'NTLM FAKE']

const incomingOf = (parts: object): Incoming =>
  ({ handshake: null, connection: { bond: null }, ...parts }) as unknown as Incoming

const forwardOf = (parts: object): Forward =>
  ({
    headers: [],
    target: '/x',
    upstream: { basePath: '' },
    limits: { responseHeadersMs: 600, idleMs: 300 },
    ...parts,
  }) as unknown as Forward

test.each([
  { name: 'an ordinary request', incoming: {}, headers: [], way: 'any' },
  { name: 'a handshake', incoming: { handshake: {} }, headers: [], way: 'http1' },
  { name: 'a bound connection', incoming: { connection: { bond: {} } }, headers: [], way: 'http1' },
  { name: 'one that authenticates its own', incoming: {}, headers: NTLM, way: 'http1' },
])('$name goes by $way', ({ incoming, headers, way }) => {
  expect(wayOf(incomingOf(incoming), forwardOf({ headers }))).toBe(way)
})

test.each([
  { name: 'a request', handshake: null, headersMs: 600, upgrade: null },
  {
    name: 'a handshake, which has ten seconds',
    handshake: {},
    headersMs: 10_000,
    upgrade: 'websocket',
  },
])('$name as it leaves', ({ handshake, headersMs, upgrade }) => {
  const incoming = incomingOf({ handshake, request: { method: 'GET' } })
  const slot = { target: { basePath: '' } } as unknown as Slot
  const body = Buffer.from('x')
  expect(describeRequest(incoming, forwardOf({ headers: ['a', 'b'] }), slot, body)).toEqual({
    method: 'GET',
    target: '/x',
    fields: ['a', 'b'],
    body,
    headersMs,
    idleMs: 300,
    upgrade,
  })
})

test('a client has one bond, made when it first authenticates a connection', () => {
  const [pool, other] = [{}, {}] as unknown as UpstreamPool[]
  if (pool === undefined || other === undefined) throw new Error('no pool')
  const incoming = incomingOf({})
  expect(findBond(incoming, forwardOf({}), pool)).toBeNull()
  const bond = findBond(incoming, forwardOf({ headers: NTLM }), pool)
  expect(bond).toBeInstanceOf(Bond)
  expect(findBond(incoming, forwardOf({ headers: NTLM }), other)).toBe(bond)
  expect(findBond(incoming, forwardOf({}), pool)).toBeNull()
  bond?.take(pool)
  expect(findBond(incoming, forwardOf({}), pool)).toBe(bond)
  expect(findBond(incoming, forwardOf({}), other)).toBeNull()
})

test('a response has the id of its request, or the one that its upstream gave it', () => {
  expect(withRequestId(['a', 'b'], 'id-1')).toEqual(['a', 'b', 'x-request-id', 'id-1'])
  expect(withRequestId(['X-Request-Id', 'own'], 'id-1')).toEqual(['X-Request-Id', 'own'])
})

test.each([
  { name: 'none was asked for', fields: ['a', 'b'], subprotocol: null, told: ['a', 'b'] },
  {
    name: 'the upstream was asked for none',
    fields: ['a', 'b'],
    subprotocol: 'v1',
    told: ['a', 'b', 'Sec-WebSocket-Protocol', 'v1'],
  },
  {
    name: 'the upstream has agreed on one',
    fields: ['sec-websocket-protocol', 'v2'],
    subprotocol: 'v1',
    told: ['sec-websocket-protocol', 'v2'],
  },
])('the subprotocol of a handshake where $name', ({ fields, subprotocol, told }) => {
  expect(withSubprotocol(fields, subprotocol)).toEqual(told)
})

test.each([
  { fields: ['Content-Type', 'text/event-stream; charset=utf-8'], is: true },
  { fields: ['content-type', 'text/plain'], is: false },
  { fields: ['x', 'text/event-stream'], is: false },
])('$fields is a stream of events: $is', ({ fields, is }) => {
  expect(isEventStream(fields)).toBe(is)
})

test.each([
  { mount: null, request: { url: '/', originalUrl: '/v1/x' }, target: '/v1/x' },
  { mount: null, request: { url: '/v1/x' }, target: '/v1/x' },
  { mount: {}, request: { url: '/x', originalUrl: '/below/x' }, target: '/x' },
])('what $request asks for is $target', ({ mount, request, target }) => {
  expect(targetOf({ context: { mount }, request } as never)).toBe(target)
})

test.each([
  { name: 'a key of a pool', secret: { name: 'pool', value: 'FAKE' }, rest: true, lines: 1 },
  {
    name: 'a secret that is no pool',
    secret: { name: 'one', value: 'FAKE' },
    rest: false,
    lines: 0,
  },
  { name: "a client's own", secret: null, rest: true, lines: 0 },
])('$name rests as its upstream asks: $lines', ({ secret, rest, lines }) => {
  const asked = vi.fn(() => (rest ? { index: 1, restsMs: 5_000 } : null))
  const warn = vi.fn()
  const context = { log: { warn }, store: { current: { secrets: { rest: asked } } } }
  const forward = forwardOf({ secret, route: 'r', upstream: { config: { name: 'up' } } })
  restKey(incomingOf({ id: 'id-1', context }), forward, 5_000)
  expect(warn).toHaveBeenCalledTimes(lines)
  expect(asked.mock.calls).toEqual(secret === null ? [] : [[secret.name, 'FAKE', 5_000]])
})

const TEXT = `
version: 1
clients: { tokens: { ci: { file: ci.sha256 } }, required: false }
upstreams: { echo: builtin:echo }
routes: [{ name: all, match: { path: /* }, upstream: echo }]
`

test.each([
  { name: 'none', fields: [], id: undefined },
  { name: 'its own', fields: ['X-Request-Id', 'abc-123'], id: 'abc-123' },
  { name: 'a key', fields: ['X-Request-Id', 'sk-ant-api03-FAKEFAKE'], id: undefined },
  {
    name: 'a key, percent-encoded',
    fields: ['X-Request-Id', 'sk%2Dant%2Dapi03%2DFAKEFAKE'],
    id: undefined,
  },
  { name: 'another percent-encoded text', fields: ['X-Request-Id', 'a%2Db'], id: 'a%2Db' },
  {
    name: 'its credential',
    fields: ['Accept', '*/*', 'Authorization', 'Bearer opaque-FAKE', 'X-Request-Id', 'opaque-FAKE'],
    id: undefined,
  },
  {
    name: 'its token',
    fields: ['X-Keyway-Token', 'FAKE-token', 'X-Request-Id', 'FAKE-token', 'Accept', '*/*'],
    id: undefined,
  },
  {
    name: 'what stands in another field too',
    fields: ['X-Trace', 'abc-123', 'X-Request-Id', 'abc-123'],
    id: 'abc-123',
  },
])('the id of a request whose client sent $name', ({ fields, id }) => {
  const at = fields.indexOf('X-Request-Id')
  const headers = at === -1 ? {} : { 'x-request-id': fields[at + 1] }
  expect(readRequestId({ headers, rawHeaders: fields } as never, compileText(TEXT))).toBe(id)
})

/** A request of a peer, and who hears when it is over. */
function shareOf({ isHandshake = false, isFull = false }) {
  const listeners: unknown[] = []
  const on = (whose: string) => (event: string, listener: unknown) =>
    void listeners.push([whose, event, listener])
  const release = (): void => undefined
  const taken: string[] = []
  const take = (address: string): (() => void) | null => {
    taken.push(address)
    return isFull ? null : release
  }
  const incoming = incomingOf({
    context: { requestShare: { take }, store: { current: { table: { isTrusted: () => false } } } },
    connection: { peerIp: '192.0.2.1' },
    response: { on: on('response') },
    handshake: isHandshake ? { socket: { on: on('socket') } } : null,
  })
  return { incoming, listeners, taken, release }
}

test.each([
  { name: 'a request', isHandshake: false, whose: 'response' },
  { name: 'a handshake', isHandshake: true, whose: 'socket' },
])('$name counts towards the share of its address until its $whose is closed', (row) => {
  const { incoming, listeners, taken, release } = shareOf(row)
  expect(takeShare(incoming)).toBe(true)
  expect(taken).toEqual(['192.0.2.1'])
  expect(listeners).toEqual([[row.whose, 'close', release]])
})

test('one too many is told so, and waits for nothing', () => {
  const { incoming, listeners } = shareOf({ isFull: true })
  expect([takeShare(incoming), listeners]).toEqual([false, []])
})
