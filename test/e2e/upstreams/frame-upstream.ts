import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:tls'
import { FRAME, frame } from '../../floods/http2-frames.ts'
import { startWithSecrets } from '../../support/start-balanced.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { oneRoute, type TestProxy } from '../../support/start-proxy.ts'
import { tlsFile } from '../inbound/start-tls.ts'

const PREFACE_BYTES = 24
const HEAD_BYTES = 9
const ACK = 1

/** A connection to an upstream whose frames the test writes. */
export interface FrameConnection {
  readonly socket: Socket
  /** Writes one frame. */
  readonly send: (type: number, flags: number, stream: number, payload?: Buffer) => void
}

/** What an upstream does with each request, told by the number of its stream, and of the request from 0. */
export type FrameScript = (connection: FrameConnection, stream: number, count: number) => void

/** A proxy before an upstream of HTTP/2 that takes its settings, and leaves each request to a script. */
export interface FramePair extends TestProxy {
  /** Connections that were opened. */
  readonly opened: () => number
}

/** Starts both; they close when the test is over. */
export async function startFramePair(script: FrameScript, upstream = ''): Promise<FramePair> {
  let opened = 0
  let requests = 0
  const options = {
    cert: readFileSync(tlsFile('server.pem')),
    key: readFileSync(tlsFile('server.key')),
    ALPNProtocols: ['h2'],
  }
  const server = createServer(options, (socket) => {
    opened += 1
    closeAfter(async () => void socket.destroy())
    socket.on('error', () => undefined)
    const send: FrameConnection['send'] = (type, flags, stream, payload = Buffer.alloc(0)) =>
      void socket.write(frame(type, flags, stream, payload))
    send(FRAME.settings, 0, 0)
    eachFrame(socket, (type, flags, stream) => {
      if (type === FRAME.settings && flags !== ACK) send(FRAME.settings, ACK, 0)
      if (type !== FRAME.headers) return
      script({ socket, send }, stream, requests)
      requests += 1
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closeAfter(async () => void server.close())
  const url = `https://localhost:${(server.address() as AddressInfo).port}`
  const texts = `tls: { ca: ${tlsFile('ca.pem')} }\nhttp2: true\n${upstream}`
  return {
    ...(await startWithSecrets(oneRoute(url, { upstream: texts }))),
    opened: () => opened,
  }
}

function eachFrame(
  socket: Socket,
  onFrame: (type: number, flags: number, stream: number) => void,
): void {
  let bytes = Buffer.alloc(0)
  let skip = PREFACE_BYTES
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    while (bytes.length >= skip + HEAD_BYTES) {
      const head = bytes.subarray(skip)
      const end = HEAD_BYTES + head.readUIntBE(0, 3)
      if (head.length < end) return
      bytes = head.subarray(end)
      skip = 0
      onFrame(head[3] as number, head[4] as number, head.readUInt32BE(5))
    }
  })
}
