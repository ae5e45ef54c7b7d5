import { expect, test } from 'vitest'
import {
  END_HEADERS,
  END_STREAM,
  FRAME,
  frame,
  openHttp2,
  request,
} from '../../floods/http2-frames.ts'
import { startPair } from '../../support/start-pair.ts'
import { tlsServer } from './start-tls.ts'

const faults: readonly { name: string; bytes: Buffer }[] = [
  { name: 'a body of no stream', bytes: frame(FRAME.data, END_STREAM, 7, Buffer.from('x')) },
  {
    name: 'a head that can not be read',
    bytes: frame(FRAME.headers, END_HEADERS | END_STREAM, 3, Buffer.from([0xff, 0xff, 0xff, 0xff])),
  },
  {
    name: 'a frame longer than may be',
    bytes: Buffer.from([0xff, 0xff, 0xff, FRAME.data, 0, 0, 0, 0, 1]),
  },
  {
    name: 'the rest of no head',
    bytes: frame(FRAME.continuation, END_HEADERS, 1, Buffer.from([0x82])),
  },
]

test.each(faults)(
  'a client that ends its connection by $name leaves nothing behind',
  async (row) => {
    const pair = await startPair({ server: tlsServer() })
    const socket = await openHttp2(pair.address.port, 65_535)
    socket.resume()
    socket.write(request(1, '/up/x'))
    const connection = await pair.upstream.connection(0)
    await connection.head()
    socket.write(row.bytes)
    await connection.closed()
    socket.destroy()
    await expect.poll(pair.proxy.stats).toMatchObject({ connections: 0, inFlight: 0 })
  },
)
