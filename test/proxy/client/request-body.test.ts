import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { BodySink } from '../../../src/http/message/body-source.ts'
import type { RequestMessage } from '../../../src/http/message/message.ts'
import {
  announcedLength,
  type BodyLimits,
  KEEPS_NOTHING,
  RequestBody,
} from '../../../src/proxy/client/request-body.ts'
import { stopClock } from '../../support/stopped-clock.ts'

const ROOM = { take: () => true, giveBack: () => undefined }
const CHUNKED = { 'transfer-encoding': 'chunked' }
/** Too long to be gathered with others. */
const LONG = Buffer.alloc(2_000, 'l')

type Fields = Readonly<Record<string, string>>

/** A request that writes down what is done to it, whose body a test sends. */
class GivenRequest extends EventEmitter {
  readonly done: string[] = []
  readonly headers: Fields
  readonly socket: Readonly<Record<string, (bytes?: string) => void>> = {
    destroy: () => this.note('destroy'),
    write: (bytes) => this.note(`write ${JSON.stringify(bytes)}`),
    pause: () => this.note('stop reading'),
    resume: () => this.note('read'),
  }
  readAway?: () => void
  private isHeld = false

  constructor(headers: Fields) {
    super()
    this.headers = headers
  }

  isPaused(): boolean {
    return this.isHeld
  }

  pause(): void {
    this.isHeld = true
    this.note('pause')
  }

  resume(): void {
    this.isHeld = false
    this.note('resume')
  }

  note(what: string): void {
    this.done.push(what)
  }

  send(...chunks: readonly (string | Buffer)[]): void {
    for (const chunk of chunks) this.emit('data', Buffer.from(chunk))
  }
}

function begin(headers: Fields = CHUNKED, limits: Partial<BodyLimits> = {}) {
  const request = new GivenRequest(headers)
  const told: string[] = []
  const reader = {
    onWhole: (whole: Buffer) => void told.push(`whole ${whole}`),
    onTooLarge: () => void told.push('too large'),
    onIdle: () => void told.push('idle'),
  }
  const body = new RequestBody(request as unknown as RequestMessage, reader, {
    bytes: 0,
    idleMs: 0,
    ...KEEPS_NOTHING,
    ...limits,
  })
  return { request, body, told }
}

/** Takes pieces until it is to say that it takes no more. */
function sinkOf(takes: number = Number.POSITIVE_INFINITY) {
  const got: string[] = []
  let left = takes
  const sink: BodySink = {
    write: (chunk) => {
      got.push(chunk.length === LONG.length ? 'LONG' : String(chunk))
      left -= 1
      return left > 0
    },
    end: () => void got.push('END'),
  }
  return { sink, got }
}

/** The turn of the loop in which it is called is over. */
const turn = (): Promise<void> => new Promise(setImmediate)

test.each([
  { headers: { 'content-length': '17' }, length: 17 },
  { headers: { 'content-length': '0' }, length: 0 },
  { headers: CHUNKED, length: null },
  { headers: {}, length: 0 },
])('$headers announces $length bytes', ({ headers, length }) => {
  expect(announcedLength({ headers } as never)).toBe(length)
  expect(begin(headers).body.length).toBe(length)
})

describe('read whole', () => {
  test('it comes in one piece, at its end alone', () => {
    const { request, body, told } = begin()
    request.send('ab', 'c', LONG)
    expect(told).toEqual([])
    expect(body.receivedBytes).toBe(2_003)
    request.emit('end')
    expect(told).toEqual([`whole abc${LONG}`])
  })

  test.each([
    { bytes: 3, sent: ['ab', 'c'], told: ['whole abc'] },
    { bytes: 3, sent: ['ab', 'cd'], told: ['too large'] },
    { bytes: 0, sent: ['ab', 'cd'], told: ['whole abcd'] },
  ])('$sent of at most $bytes bytes is $told', ({ bytes, sent, told: expected }) => {
    const { request, body, told } = begin(CHUNKED, { bytes })
    request.send(...sent)
    // Whoever is told so wants none of it.
    if (told.length > 0) body.discard()
    request.emit('end')
    expect(told).toEqual(expected)
  })
})

describe('the clock', () => {
  const LIMITS = { idleMs: 1_000 }

  test('runs from the last piece to the next', async () => {
    const clock = stopClock()
    const { request, told } = begin(CHUNKED, LIMITS)
    await turn()
    await clock.pass(999)
    request.send('a')
    await clock.pass(999)
    request.send('b')
    await clock.pass(999)
    expect(told).toEqual([])
    await clock.pass(1)
    expect(told).toEqual(['idle'])
  })

  test.each<{ name: string; headers: Fields; limits: Partial<BodyLimits>; sent: string }>([
    {
      name: 'is not set for a body that is here',
      headers: { 'content-length': '2' },
      limits: LIMITS,
      sent: 'ab',
    },
    { name: 'is not set for a request without one', headers: {}, limits: LIMITS, sent: '' },
    { name: 'is none where the file says so', headers: CHUNKED, limits: { idleMs: 0 }, sent: '' },
  ])('$name', async ({ headers, limits, sent }) => {
    const clock = stopClock()
    const { request, told } = begin(headers, limits)
    if (sent !== '') request.send(sent)
    await turn()
    await clock.pass(10_000)
    expect(told).toEqual([])
  })

  test.each([
    {
      name: 'a body that is whole',
      end: ({ request }: ReturnType<typeof begin>) => request.emit('end'),
    },
    { name: 'a client that is gone', end: ({ body }: ReturnType<typeof begin>) => body.stop() },
    {
      name: 'a body that nobody wants',
      end: ({ body }: ReturnType<typeof begin>) => body.discard(),
    },
  ])('ends with $name, before it is set and after', async ({ end }) => {
    const clock = stopClock()
    const early = begin(CHUNKED, LIMITS)
    end(early)
    await turn()
    const late = begin(CHUNKED, LIMITS)
    await turn()
    end(late)
    await clock.pass(10_000)
    expect([early.told, late.told].flat()).not.toContain('idle')
  })

  test('waits for an upstream that takes no more, and has the client asked whether it is there', async () => {
    const clock = stopClock()
    const { request, body, told } = begin(CHUNKED, LIMITS)
    await turn()
    body.stream().pipeTo(sinkOf(1).sink)
    request.send(LONG)
    expect(request.done).toEqual(['pause'])
    await clock.pass(1_000)
    await clock.pass(1_000)
    expect(request.done).toEqual(['pause', 'write ""', 'write ""'])
    expect(told).toEqual([])
    body.resume()
    await clock.pass(1_000)
    expect(told).toEqual(['idle'])
  })

  test('does not wait for a client that is held back while its body is read whole', async () => {
    const clock = stopClock()
    const { request, told } = begin(CHUNKED, LIMITS)
    await turn()
    request.pause()
    await clock.pass(1_000)
    expect(told).toEqual(['idle'])
  })
})

describe('streamed', () => {
  test('each long piece is handed on when it comes, and the end behind them', () => {
    const { request, body, told } = begin()
    const { sink, got } = sinkOf()
    body.stream().pipeTo(sink)
    request.send(LONG)
    request.send(LONG)
    expect(got).toEqual(['LONG', 'LONG'])
    request.emit('end')
    expect(got).toEqual(['LONG', 'LONG', 'END'])
    expect([told, request.done]).toEqual([[], []])
  })

  test('short pieces of one turn are one, those of the next another', async () => {
    const { request, body } = begin()
    const { sink, got } = sinkOf()
    body.stream().pipeTo(sink)
    request.send('a', 'b')
    expect(got).toEqual([])
    await turn()
    request.send('c', 'd')
    await turn()
    expect(got).toEqual(['ab', 'cd'])
  })

  test('short pieces before the end leave with it, once', async () => {
    const { request, body } = begin()
    const { sink, got } = sinkOf()
    body.stream().pipeTo(sink)
    request.send('a', 'b')
    request.emit('end')
    expect(got).toEqual(['ab', 'END'])
    await turn()
    expect(got).toEqual(['ab', 'END'])
  })

  test('what came before there was anyone to take it comes first', () => {
    const { request, body } = begin()
    body.stream()
    request.send(LONG, 'b')
    request.emit('end')
    const { sink, got } = sinkOf()
    body.pipeTo(sink)
    expect(got).toEqual(['LONG', 'b', 'END'])
  })

  test('who takes no more stops the client, until it takes more', () => {
    const { request, body } = begin()
    const { sink, got } = sinkOf(1)
    body.stream().pipeTo(sink)
    request.send(LONG, LONG)
    expect(got).toEqual(['LONG'])
    expect(request.done).toEqual(['pause', 'pause'])
    body.resume()
    expect(got).toEqual(['LONG', 'LONG'])
    // It was full again at once.
    expect(request.isPaused()).toBe(true)
    body.resume()
    expect(request.isPaused()).toBe(false)
  })

  test('the end waits for who takes no more', () => {
    const { request, body } = begin()
    const { sink, got } = sinkOf(1)
    body.stream().pipeTo(sink)
    request.send(LONG, LONG)
    request.emit('end')
    expect(got).toEqual(['LONG'])
    body.resume()
    expect(got).toEqual(['LONG', 'LONG', 'END'])
  })

  test('at most 64 KiB wait for somebody to take them', () => {
    const { request, body } = begin()
    body.stream()
    request.send(Buffer.alloc(64 * 1024))
    expect(request.done).toEqual([])
    request.send(LONG)
    expect(request.done).toEqual(['pause'])
    body.pipeTo(sinkOf().sink)
    expect(request.done).toEqual(['pause', 'resume'])
  })

  test('short pieces too', async () => {
    const { request, body } = begin()
    body.stream()
    request.send(Buffer.alloc(64 * 1024))
    request.send('a')
    expect(request.done).toEqual(['pause'])
    await turn()
    expect(request.isPaused()).toBe(true)
  })

  test('256 short pieces in a turn have others served', async () => {
    const clock = stopClock()
    const { request, body } = begin()
    body.stream().pipeTo(sinkOf().sink)
    request.send(...Array.from({ length: 200 }, () => 'a'))
    await turn()
    request.send(...Array.from({ length: 255 }, () => 'a'))
    expect(request.done).toEqual([])
    request.send('a')
    expect(request.done).toEqual(['stop reading'])
    await clock.pass(20)
    expect(request.done).toEqual(['stop reading', 'read'])
  })

  test('they leave the connection read where the body ends with them', () => {
    stopClock()
    const { request } = begin()
    request.send(...Array.from({ length: 256 }, () => 'a'))
    request.emit('end')
    expect(request.done).toEqual(['stop reading', 'read'])
  })
})

describe('once more', () => {
  const KEPT = { keepBytes: 100_000, room: ROOM }

  test('another gets all of it from its start, and who had it gets nothing more', () => {
    const { request, body } = begin(CHUNKED, KEPT)
    const first = sinkOf(1)
    body.stream().pipeTo(first.sink)
    request.send(LONG, LONG)
    expect(body.isKept).toBe(true)
    body.rewind()
    request.send(LONG)
    const second = sinkOf()
    body.pipeTo(second.sink)
    request.emit('end')
    expect(first.got).toEqual(['LONG'])
    expect(second.got).toEqual(['LONG', 'LONG', 'LONG', 'END'])
  })

  test('the client is read again meanwhile', () => {
    const { request, body } = begin(CHUNKED, KEPT)
    body.stream().pipeTo(sinkOf(1).sink)
    request.send(LONG)
    body.rewind()
    expect(request.done).toEqual(['pause', 'resume'])
  })

  test('another hears of the end of a body that is whole too', () => {
    const { request, body } = begin(CHUNKED, KEPT)
    const first = sinkOf(1)
    body.stream().pipeTo(first.sink)
    request.send(LONG)
    request.emit('end')
    body.rewind()
    expect([first.got, request.done]).toEqual([['LONG', 'END'], ['pause']])
    const second = sinkOf()
    body.pipeTo(second.sink)
    expect(second.got).toEqual(['LONG', 'END'])
  })

  test('nothing is kept once nobody will ask for it', () => {
    const { request, body } = begin(CHUNKED, KEPT)
    request.send(LONG)
    body.forget()
    expect(body.isKept).toBe(false)
    expect(begin().body.isKept).toBe(false)
  })
})

describe('nobody wants the rest', () => {
  test('it is read away for two seconds, then its client is cut off', async () => {
    const clock = stopClock()
    const { request, body, told } = begin()
    const { sink, got } = sinkOf()
    body.stream().pipeTo(sink)
    request.pause()
    body.discard()
    request.send(LONG, 'a')
    await turn()
    expect([got, told, request.done]).toEqual([[], [], ['pause', 'resume']])
    await clock.pass(1_999)
    // It goes on however much comes meanwhile.
    request.send(LONG)
    expect(request.done).not.toContain('destroy')
    await clock.pass(1)
    expect(request.done).toEqual(['pause', 'resume', 'destroy'])
    expect(body.receivedBytes).toBe(4_001)
  })

  test('a client that came to its end by then is not', async () => {
    const clock = stopClock()
    const { request, body, told } = begin()
    body.discard()
    body.discard()
    request.emit('end')
    await clock.pass(10_000)
    expect([request.done, told]).toEqual([['resume'], []])
  })

  test('a connection that reads away by itself is left to it', async () => {
    const clock = stopClock()
    const { request, body } = begin()
    request.readAway = () => request.note('read away')
    body.discard()
    await clock.pass(10_000)
    expect(request.done).toEqual(['read away'])
  })

  test('a body that is whole has no rest', async () => {
    const clock = stopClock()
    const { request, body } = begin()
    request.emit('end')
    body.discard()
    await clock.pass(10_000)
    expect(request.done).toEqual([])
  })

  test('short pieces that had not left yet leave no more', async () => {
    const { request, body } = begin()
    const { sink, got } = sinkOf()
    body.stream().pipeTo(sink)
    request.send('a')
    body.discard()
    await turn()
    expect(got).toEqual([])
  })
})
