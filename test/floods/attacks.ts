import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { pour } from './hostile-upstream.ts'
import { END_HEADERS, FRAME, frame, openHttp2, request, uint32 } from './http2-frames.ts'

/** One connection that attacks, on and on until it is cut off. */
export interface Attack {
  readonly name: string
  readonly start: (port: number) => Promise<Socket>
}

const NOTHING = Buffer.alloc(0)
const ODD_STREAMS = (count: number): number[] => Array.from({ length: count }, (_, i) => 2 * i + 1)
const SMALL_WINDOW = 65_535
const HUGE_WINDOW = 2 ** 30

async function openHttp1(port: number): Promise<Socket> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
  socket.on('error', () => undefined)
  await once(socket, 'secureConnect')
  return socket
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: floods.test\r\n\r\n`

/** Asks once by HTTP/1.1 and never reads. */
function unread(name: string, path: string): Attack {
  return {
    name: `HTTP/1.1, unread: ${name}`,
    async start(port) {
      const socket = await openHttp1(port)
      socket.write(get(path))
      return socket
    },
  }
}

/** Asks a hundred times by HTTP/2, with windows as large as they may be, and never reads. */
function unreadStreams(name: string, path: string): Attack {
  return {
    name: `HTTP/2, unread: ${name}`,
    async start(port) {
      const socket = await openHttp2(port, HUGE_WINDOW)
      for (const stream of ODD_STREAMS(100)) socket.write(request(stream, path))
      return socket
    },
  }
}

/** Writes one thing by HTTP/1.1 on and on, and reads nothing. */
function poured(name: string, head: string, bytes: string): Attack {
  return {
    name: `HTTP/1.1: ${name}`,
    async start(port) {
      const socket = await openHttp1(port)
      socket.write(head)
      pour(socket, Buffer.from(bytes))
      return socket
    },
  }
}

/** Writes one thing by HTTP/1.1 on and on, each time in a TLS record of its own, and reads nothing. */
function pouredInRecords(name: string, head: string, bytes: string): Attack {
  return {
    name: `HTTP/1.1: ${name}`,
    async start(port) {
      const socket = await openHttp1(port)
      socket.write(head)
      const go = (): void => {
        if (!socket.destroyed) socket.write(bytes, 'latin1', go)
      }
      go()
      return socket
    },
  }
}

/** Asks on and on, each time with a field whose name nobody has used before, and reads what it is answered. */
function madeUp(name: string, pad: string): Attack {
  return {
    name: `HTTP/1.1: ${name}`,
    async start(port) {
      const socket = await openHttp1(port)
      let count = 0
      const one = (): string =>
        `GET /nowhere HTTP/1.1\r\nHost: floods.test\r\nX-${pad}${count++}: 1\r\n\r\n`
      const go = (): void => {
        while (!socket.destroyed && socket.write(one()));
      }
      socket.on('drain', go)
      socket.resume()
      go()
      return socket
    },
  }
}

/** Writes frames on and on, each time so many as `make` gives; reads nothing. */
function frames(name: string, make: (round: number) => readonly Buffer[]): Attack {
  return {
    name: `HTTP/2: ${name}`,
    async start(port) {
      const socket = await openHttp2(port, SMALL_WINDOW)
      let round = 0
      const go = (): void => {
        while (!socket.destroyed && socket.write(Buffer.concat(make(round++))));
      }
      socket.on('drain', go)
      go()
      return socket
    },
  }
}

const repeat = (count: number, bytes: Buffer): Buffer[] =>
  Array.from({ length: count }, () => bytes)

/** Requests that are reset at once, by a code; a hundred a round. */
function resets(name: string, code: number): Attack {
  return frames(`resets by ${name}`, (round) =>
    ODD_STREAMS(100).flatMap((stream) => {
      const id = stream + round * 200
      return [request(id, '/bad/hold'), frame(FRAME.rstStream, 0, id, uint32(code))]
    }),
  )
}

/** Lets responses come whole to the proxy, reads none of them, and resets their streams as if all were well. */
const LEFT_UNREAD: Attack = {
  name: 'HTTP/2: whole bodies, reset by NO_ERROR',
  async start(port) {
    const socket = await openHttp2(port, 0)
    let next = 1
    const timer = setInterval(() => {
      for (let id = next; id < next + 100; id += 2) {
        socket.write(request(id, '/bad/whole'))
        if (id > 100) socket.write(frame(FRAME.rstStream, 0, id - 100, uint32(0)))
      }
      next += 100
    }, 100)
    socket.once('close', () => clearInterval(timer))
    return socket
  },
}

/** One POST, then frames on its stream. */
function upload(name: string, bytes: Buffer): Attack {
  return frames(name, (round) =>
    round === 0 ? [request(1, '/bad/hold', 'POST')] : repeat(500, frame(FRAME.data, 0, 1, bytes)),
  )
}

const chunked = (path: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: floods.test\r\nTransfer-Encoding: chunked\r\n\r\n`
const SHORT_CHUNK = '1\r\nb\r\n'
const SHORT_CHUNKS = SHORT_CHUNK.repeat(10_000)

/** Every flood. */
export const ATTACKS: readonly Attack[] = [
  unread('hints without end', '/bad/hints'),
  unread('100s without end', '/bad/hundreds'),
  unread('a status line without end', '/bad/line'),
  unread('empty lines without end', '/bad/empty-lines'),
  unread('a body without end', '/bad/large'),
  unread('a body in chunks of one byte', '/bad/tiny-chunks'),
  poured('requests behind one another, unread', '', get('/bad/whole').repeat(100)),
  poured('chunks of one byte', chunked('/bad/hold'), SHORT_CHUNKS),
  poured('chunks of one byte to the echo', chunked('/echo'), SHORT_CHUNKS),
  poured('chunks of one byte, kept', chunked('/kept/hold'), SHORT_CHUNKS),
  pouredInRecords('chunks of one byte, a record each', chunked('/bad/hold'), SHORT_CHUNK),
  pouredInRecords('chunks of one byte, a record each, kept', chunked('/kept/hold'), SHORT_CHUNK),
  poured('a field without end', 'GET / HTTP/1.1\r\nX: ', 'a'.repeat(64 * 1024)),
  madeUp('names that are made up', ''),
  madeUp('long names that are made up', 'n'.repeat(8_000)),
  poured('empty lines', '', '\r\n'.repeat(32 * 1024)),
  unreadStreams('hints without end', '/bad/hints'),
  unreadStreams('bodies without end', '/bad/large'),
  unreadStreams('bodies in chunks of one byte', '/bad/tiny-chunks'),
  unreadStreams('whole bodies', '/bad/whole'),
  LEFT_UNREAD,
  resets('CANCEL', 8),
  resets('NO_ERROR', 0),
  frames('requests for what is refused, unread', (round) =>
    ODD_STREAMS(100).map((stream) => request(stream + round * 200, '/nowhere')),
  ),
  frames('PING', () => repeat(500, frame(FRAME.ping, 0, 0, Buffer.alloc(8)))),
  frames('SETTINGS', () => repeat(500, frame(FRAME.settings, 0, 0, NOTHING))),
  frames('WINDOW_UPDATE', () => repeat(500, frame(FRAME.windowUpdate, 0, 0, uint32(1)))),
  frames('PRIORITY', () => repeat(500, frame(FRAME.priority, 0, 1, Buffer.from([0, 0, 0, 0, 1])))),
  frames('CONTINUATION', (round) =>
    round === 0
      ? [frame(FRAME.headers, 0, 1, Buffer.from([0x82]))]
      : repeat(500, frame(FRAME.continuation, 0, 1, Buffer.from([0x82]))),
  ),
  frames('HEADERS without a field', (round) =>
    ODD_STREAMS(100).map((stream) =>
      frame(FRAME.headers, END_HEADERS, stream + round * 200, NOTHING),
    ),
  ),
  upload('DATA of one byte', Buffer.from('b')),
  upload('DATA of none', NOTHING),
]
