import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

const HINT = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n'
const PIECE = 64 * 1024

/** What an upstream sends without end, by the path that it is asked for. */
const ANSWERS: Readonly<Record<string, (socket: Socket) => void>> = {
  '/hints': (socket) => pour(socket, Buffer.from(HINT.repeat(100))),
  '/hundreds': (socket) => pour(socket, Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'.repeat(1_000))),
  '/line': (socket) => pour(socket, Buffer.from('HTTP/1.1 200 '.padEnd(PIECE, 'a')), 'once'),
  '/empty-lines': (socket) => pour(socket, Buffer.from('\r\n'.repeat(PIECE / 2))),
  '/large': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n')
    pour(socket, Buffer.alloc(PIECE, 'b'))
  },
  '/tiny-chunks': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
    pour(socket, Buffer.from('1\r\nb\r\n'.repeat(10_000)))
  },
  '/whole': (socket) => {
    const body = Buffer.alloc(60_000, 'b')
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`)
    socket.write(body)
  },
}

/** Starts an upstream that answers `/NAME` by its flood, and `/hold` and whatever else never. */
export async function startHostileUpstream(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      const path = /^GET (\S+) /.exec(chunk.toString('latin1'))?.[1] ?? ''
      ANSWERS[path]?.(socket)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Writes the same bytes on and on, as fast as they are taken; `once`: the first time as they are. */
export function pour(socket: Socket, bytes: Buffer, how: 'same' | 'once' = 'same'): void {
  const rest = how === 'once' ? Buffer.alloc(bytes.length, 'a') : bytes
  socket.write(bytes)
  const go = (): void => {
    while (!socket.destroyed && socket.writable && socket.write(rest));
  }
  socket.on('drain', go)
  go()
}
