import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Delivery } from '../../../src/proxy/exchange/delivery/delivery.ts'
import type { DeliveryOwner } from '../../../src/proxy/exchange/delivery/delivery-owner.ts'
import type { Incoming } from '../../../src/proxy/exchange/incoming.ts'
import type { CallHandler, OutgoingRequest } from '../../../src/proxy/upstream/call.ts'
import type { LaneUser } from '../../../src/proxy/upstream/upstream-pool.ts'
import type { Forward } from '../../../src/routing/decide/decision.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] })
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const RETRY = {
  attempts: 1,
  on: ['connect', 'reset', 503, 429],
  methods: ['GET'],
  budget: 0.2,
  backoffMs: 100,
  maxBackoffMs: 1_000,
  bufferBytes: 99,
}

interface Given {
  readonly method?: string
  readonly retry?: Partial<typeof RETRY>
  readonly forward?: object
  /** Whether it can be noted what secrets are used for; null: nobody wants to. */
  readonly noted?: true | Promise<boolean> | null
  /** Places that the target has. */
  readonly places?: number
  /** Whether somebody else has a place as soon as it is given back. */
  readonly isSought?: boolean
}

/** A delivery to one target, and everything that it tells to anybody, in order. */
function open({ method = 'GET', retry = {}, forward = {}, noted = null, ...more }: Given = {}) {
  const { places = 9, isSought = false } = more
  const told: string[] = []
  const tell = (word: string) => () => void told.push(word)
  const users: LaneUser[] = []
  let free = places
  const pool = {
    target: { config: { limits: { connectMs: 5_000 } } },
    reserve() {
      free -= 1
      return free >= 0
    },
    enter: (user: LaneUser) => void users.push(user),
    enterAfresh: (user: LaneUser) => {
      told.push('afresh')
      users.push(user)
    },
    leave: () => true,
    giveBack: tell('give back'),
    release() {
      if (!isSought) free += 1
    },
  }
  const budget = { earn: (share: number) => void told.push(`earn ${share}`), take: () => true }
  const group = {
    isDown: false,
    isUsable: true,
    budget,
    onStatus: (_: object, status: number) => void told.push(`status ${status}`),
    onFailure: tell('target failed'),
    reserve: () => (pool.reserve() ? slot : null),
  }
  const target = { host: 'up.test', basePath: '', origin: 'http://up.test' }
  const slot = { index: 0, group, pool, http1Pool: pool, target }
  Object.assign(group, { slots: [slot] })
  const log = { info: tell('info'), warn: tell('warn') }
  const secrets = { rest: () => ({ index: 0, restsMs: 1 }) }
  const context = { pools: { find: () => group }, log, store: { current: { secrets } } }
  const begin = (): Given['noted'] => {
    told.push('note')
    return noted
  }
  const secretUse = noted === null ? null : { begin }
  const recording = { awaitUpstream: () => undefined, goOn: () => undefined, secretUse }
  const incoming = {
    id: 'id-1',
    context,
    request: { method },
    handshake: null,
    connection: { bond: null },
    trace: null,
    recording,
  } as unknown as Incoming
  const owner: DeliveryOwner = {
    onInformation: (status) => void told.push(`interim ${status}`),
    onResponse: (status, _, fields) => void told.push(`answer ${status} ${fields}`),
    onBytes: (chunk) => {
      told.push(`bytes ${chunk.length}`)
      return false
    },
    onEnd: tell('end'),
    onFailure: ({ code }) => void told.push(`failed ${code}`),
    onTunnel: (status, fields) => void told.push(`tunnel ${status} ${fields}`),
  }
  const decided = {
    route: 'r',
    headers: [],
    target: '/x',
    limits: { responseHeadersMs: 0, idleMs: 0 },
    retry: { ...RETRY, ...retry },
    fallbacks: [],
    secret: null,
    secrets: [],
    upstream: { config: { name: 'up' }, basePath: '', key: 'up' },
    editResponse: (fields: string[], version: string, status: number) => [
      ...fields,
      `${version} ${status}`,
    ],
    ...forward,
  } as unknown as Forward
  const delivery = new Delivery(incoming, decided, owner)
  /** The latest attempt gets a connection; what is written to it. */
  const connect = () => {
    const sent: { request?: OutgoingRequest; handler?: CallHandler } = {}
    users.at(-1)?.onLane({
      send: (request: OutgoingRequest, handler: CallHandler) =>
        void Object.assign(sent, { request, handler }),
    } as never)
    const { handler, request } = sent as Required<typeof sent>
    handler.onConnect({ cancel: tell('cancel'), resume: tell('resume') })
    return { handler, request }
  }
  const news = (): string[] => told.splice(0)
  return { delivery, users, connect, news, freePlaces: () => free }
}

const headOf = (status: number, ...fields: string[]) =>
  ({ status, reason: '', fields, version: '2' }) as never

const errorOf = (code: string): Error => Object.assign(new Error(code), { code })

test('an answer goes on as the file edits it, by the version that it came by', () => {
  const { delivery, connect, news } = open()
  expect(delivery.reserve()).toBeNull()
  delivery.send(null, null)
  const { handler, request } = connect()
  expect(request).toMatchObject({ method: 'GET', target: '/x', body: null })
  handler.onInterim(headOf(103))
  handler.onHead(headOf(200, 'a', 'b'))
  expect(handler.onBody(Buffer.alloc(3))).toBe(false)
  delivery.resume()
  handler.onEnd()
  expect(news()).toEqual([
    'earn 0.2',
    'interim 103',
    'status 200',
    'answer 200 a,b,2 200',
    'bytes 3',
    'resume',
    'give back',
    'end',
  ])
})

test('a request without a place is told why', () => {
  expect(open({ places: 0 }).delivery.reserve()).toMatchObject({ code: 'upstream_overloaded' })
})

test('after a failure the request is sent again in time, and its first answer read away', () => {
  const { delivery, users, connect, news } = open()
  delivery.reserve()
  delivery.send(Buffer.from('x'), null)
  const first = connect().handler
  first.onHead(headOf(503))
  expect(first.onBody(Buffer.alloc(3))).toBe(true)
  first.onEnd()
  expect(news()).toEqual(['earn 0.2', 'status 503', 'warn', 'give back'])
  vi.advanceTimersByTime(49)
  expect(users).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(users).toHaveLength(2)
  const second = connect()
  expect(second.request.body?.toString()).toBe('x')
  second.handler.onHead(headOf(503))
  expect(news()).toEqual(['status 503', 'answer 503 2 503'])
})

test('a place that is gone by then ends it', () => {
  const { delivery, connect, news } = open({ places: 1 })
  delivery.reserve()
  delivery.send(null, null)
  connect().handler.onHead(headOf(503))
  news()
  vi.advanceTimersByTime(50)
  expect(news()).toEqual(['warn', 'failed upstream_overloaded'])
})

test('of a request whose body is still on its way nothing is left, and its body begins anew', () => {
  const { delivery, connect, news } = open()
  const source = { isKept: true, rewind: vi.fn() }
  delivery.reserve()
  delivery.send({} as never, source as never)
  connect().handler.onHead(headOf(503))
  expect(source.rewind).toHaveBeenCalledTimes(1)
  expect(news()).toEqual(['earn 0.2', 'status 503', 'warn', 'cancel'])
})

test('a connection that can not be had leaves nothing to read away', () => {
  const { delivery, users, news } = open({ retry: { backoffMs: 0 } })
  delivery.reserve()
  delivery.send(null, null)
  const sent: CallHandler[] = []
  users[0]?.onLane({ send: (_: object, one: CallHandler) => void sent.push(one) } as never)
  sent[0]?.onError(errorOf('ECONNREFUSED'))
  expect(news()).toEqual(['earn 0.2', 'give back', 'target failed', 'warn'])
  // Never within the attempt's own callback.
  expect(users).toHaveLength(1)
  vi.advanceTimersByTime(0)
  expect(users).toHaveLength(2)
})

test('without an attempt left the failure is the answer', () => {
  const { delivery, connect, news } = open({ retry: { attempts: 0 } })
  delivery.reserve()
  delivery.send(null, null)
  connect().handler.onError(errorOf('ECONNRESET'))
  expect(news()).toEqual([
    'earn 0.2',
    'give back',
    'target failed',
    'warn',
    'failed upstream_failed',
  ])
})

test('an answer that has begun and breaks is the last, and no fault of anybody else', () => {
  const { delivery, connect, news } = open()
  delivery.reserve()
  delivery.send(null, null)
  const { handler } = connect()
  handler.onHead(headOf(200))
  news()
  handler.onError(errorOf('ECONNRESET'))
  expect(news()).toEqual(['give back', 'warn', 'failed upstream_failed'])
})

test('what can not be sent is no fault of the target', () => {
  const { delivery, connect, news } = open()
  delivery.reserve()
  delivery.send(null, null)
  connect().handler.onError(errorOf('UNSENDABLE'))
  expect(news()).toEqual(['earn 0.2', 'give back', 'warn', 'failed unsendable'])
})

test('a kept connection that was just being closed is replaced once, at no cost', () => {
  const { delivery, connect, news } = open({ retry: { attempts: 0 } })
  delivery.reserve()
  delivery.send(null, null)
  connect().handler.onError(errorOf('UPSTREAM_STALE'))
  expect(news()).toEqual(['earn 0.2', 'give back', 'info'])
  vi.advanceTimersByTime(0)
  expect(news()).toEqual(['earn 0.2', 'afresh'])
  connect().handler.onError(errorOf('UPSTREAM_STALE'))
  expect(news()).toEqual(['give back', 'target failed', 'warn', 'failed upstream_failed'])
})

test.each([
  { name: 'a request that may not be carried out twice', given: { method: 'POST' } },
  { name: 'a body that was not kept', given: { retry: { attempts: 0, bufferBytes: 0 } } },
  { name: 'a target without another place', given: { places: 1, isSought: true } },
])('not replaced for $name', ({ given }) => {
  const { delivery, connect, news } = open({ retry: { attempts: 0 }, ...given })
  delivery.reserve()
  delivery.send(Buffer.from('x'), null)
  connect().handler.onError(errorOf('UPSTREAM_STALE'))
  const last = news()
  expect(last).not.toContain('info')
  expect(last.filter((word) => word.startsWith('failed'))).toHaveLength(1)
})

test.each([
  { name: 'while it waits to be sent again', until: 'backoff', backoffMs: 100 },
  { name: 'just before it is sent again', until: 'backoff', backoffMs: 0 },
  { name: 'just before it is sent on a new connection', until: 'afresh', backoffMs: 100 },
])('a client that leaves $name costs nothing more', ({ until, backoffMs }) => {
  const { delivery, users, connect, news, freePlaces } = open({ noted: true, retry: { backoffMs } })
  delivery.reserve()
  delivery.send(null, null)
  const { handler } = connect()
  if (until === 'backoff') handler.onHead(headOf(503))
  else handler.onError(errorOf('UPSTREAM_STALE'))
  delivery.cancel()
  news()
  const before = freePlaces()
  vi.advanceTimersByTime(60_000)
  expect([users.length, news()]).toEqual([1, []])
  expect(freePlaces()).toBe(before)
})

test('nor is it kept until then', () => {
  const { delivery, connect } = open()
  delivery.reserve()
  delivery.send(null, null)
  connect().handler.onHead(headOf(503))
  const before = vi.getTimerCount()
  delivery.cancel()
  expect(vi.getTimerCount()).toBe(before - 1)
})

test('whoever cancelled hears nothing more', () => {
  const { delivery, connect, news } = open()
  delivery.reserve()
  delivery.send(null, null)
  const { handler } = connect()
  delivery.cancel()
  news()
  handler.onHead(headOf(200))
  expect(handler.onBody(Buffer.alloc(3))).toBe(true)
  handler.onEnd()
  expect(news()).toEqual(['give back'])
})

test('no connection in time is told, after another was looked for', () => {
  const { delivery, news } = open()
  delivery.reserve()
  delivery.send(null, null)
  news()
  vi.advanceTimersByTime(5_000)
  expect(news()).toEqual(['warn', 'failed upstream_overloaded'])
})

test('nothing leaves before it is noted which secrets do', async () => {
  const { delivery, users, news } = open({ noted: Promise.resolve(true) })
  delivery.reserve()
  delivery.send(null, null)
  expect([users.length, news()]).toEqual([0, ['note']])
  await Promise.resolve()
  await Promise.resolve()
  expect([users.length, news()]).toEqual([1, ['earn 0.2']])
})

test('where that can not be noted nothing leaves', async () => {
  const { delivery, users, news } = open({ noted: Promise.resolve(false) })
  delivery.reserve()
  delivery.send(null, null)
  await Promise.resolve()
  await Promise.resolve()
  expect([users.length, news()]).toEqual([0, ['note', 'warn', 'failed audit_unavailable']])
})

test('nor for a client that left meanwhile', async () => {
  const { delivery, users, news } = open({ noted: Promise.resolve(true) })
  delivery.reserve()
  delivery.send(null, null)
  delivery.cancel()
  await Promise.resolve()
  await Promise.resolve()
  expect([users.length, news()]).toEqual([0, ['note']])
})

test('a key that is refused rests', () => {
  const secret = { name: 'pool', value: 'FAKE' }
  const { delivery, connect, news } = open({ retry: { attempts: 0 }, forward: { secret } })
  delivery.reserve()
  delivery.send(null, null)
  connect().handler.onHead(headOf(429, 'retry-after', '1'))
  expect(news()).toEqual(['earn 0.2', 'status 429', 'warn', 'answer 429 retry-after,1,2 429'])
})

test.each([400, 401, 403, 430, 500, 503])('and does not where the answer is %i', (status) => {
  const secret = { name: 'pool', value: 'FAKE' }
  const { delivery, connect, news } = open({ retry: { attempts: 0 }, forward: { secret } })
  delivery.reserve()
  delivery.send(null, null)
  connect().handler.onHead(headOf(status, 'retry-after', '1'))
  expect(news()).toEqual([
    'earn 0.2',
    `status ${status}`,
    `answer ${status} retry-after,1,2 ${status}`,
  ])
})

test('a tunnel is the last word', () => {
  const { delivery, connect, news } = open()
  delivery.reserve()
  delivery.send(null, null)
  const { handler } = connect()
  handler.onTunnel(headOf(101, 'a', 'b'), {} as never)
  expect(news()).toEqual(['earn 0.2', 'tunnel 101 a,b,1.1 101'])
})
