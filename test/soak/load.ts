import http from 'node:http'
import https from 'node:https'
import { openConnection, type Transport } from '../fuzz/connection.ts'
import { createRandom, type Random } from '../fuzz/random.ts'

/** Clients of all manners at work. */
export interface SoakLoad {
  readonly requests: () => number
  /** How often each thing came of a request. */
  readonly tally: ReadonlyMap<string, number>
  /** Lets every client finish what it is at. */
  readonly stop: () => Promise<void>
}

interface Client {
  readonly port: number
  readonly transport: Transport
  readonly agent: http.Agent
  readonly random: Random
}

type Deed = (client: Client) => Promise<string>

const DEEDS: readonly Deed[] = [
  (client) => ask(client, 'GET', 'ok'),
  (client) => ask(client, 'GET', 'ok'),
  (client) => ask(client, 'GET', 'ok'),
  (client) => ask(client, 'GET', 'large'),
  (client) => ask(client, 'POST', 'upload', client.random.pick([10, 50_000, 300_000])),
  (client) => ask(client, 'GET', 'large', 0, client.random.below(20)),
  (client) => ask(client, 'GET', 'stream', 0, client.random.between(1, 500)),
  (client) => ask(client, 'POST', 'upload', 300_000, client.random.below(10)),
  (client) => ask(client, 'GET', 'stalls', 0, client.random.between(1, 300)),
  (client) => ask(client, 'GET', 'reset'),
  (client) => ask(client, 'GET', 'truncated'),
  (client) => ask(client, 'POST', 'early', 200_000),
  (client) => speakRaw(client, 'GET /soak/ok HTTP/1.1\r\nHost: a\r\n\r\nGARBAGE\0\r\n\r\n'),
  (client) =>
    speakRaw(client, 'POST /soak/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf'),
  openSocket,
]

/** Starts so many clients, each with dice of its own. */
export function startSoakLoad(
  { port, transport }: Pick<Client, 'port' | 'transport'>,
  clients: number,
  seed: number,
): SoakLoad {
  const { Agent } = transport === 'tls' ? https : http
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const tally = new Map<string, number>()
  let requests = 0
  let isStopping = false
  const work = async (number: number): Promise<void> => {
    const random = createRandom(seed, number)
    while (!isStopping) {
      const outcome = await random.pick(DEEDS)({ port, transport, agent, random })
      requests += 1
      tally.set(outcome, (tally.get(outcome) ?? 0) + 1)
      await new Promise((resolve) => setTimeout(resolve, random.below(30)))
    }
  }
  const working = Array.from({ length: clients }, (_, number) => work(number))
  return {
    requests: () => requests,
    tally,
    async stop() {
      isStopping = true
      await Promise.all(working)
      agent.destroy()
    },
  }
}

/** One request; with `leaveAfterMs` the client goes away. */
function ask(
  { port, transport, agent }: Client,
  method: string,
  name: string,
  bodyBytes = 0,
  leaveAfterMs: number | null = null,
): Promise<string> {
  return new Promise((resolve) => {
    const { request } = transport === 'tls' ? https : http
    const to = { port, agent, method, path: `/soak/${name}`, host: '127.0.0.1' }
    const sent = request({ ...to, rejectUnauthorized: false })
    let hasResponse = false
    sent.on('response', (response) => {
      hasResponse = true
      response.on('error', () => {})
      response.on('close', () => resolve(response.complete ? `${response.statusCode}` : 'broken'))
      response.resume()
    })
    sent.on('error', () => {})
    sent.on('close', () => {
      if (!hasResponse) resolve('broken')
    })
    if (leaveAfterMs !== null) setTimeout(() => sent.destroy(), leaveAfterMs)
    sent.end(Buffer.alloc(bodyBytes, 'b'))
  })
}

let opened = 0

function speakRaw({ port, transport }: Client, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const { socket } = openConnection(port, transport, opened++)
    socket.on('end', () => socket.end())
    socket.on('error', () => {})
    socket.on('close', () => resolve('raw'))
    socket.resume()
    socket.end(bytes, 'latin1')
    setTimeout(() => socket.destroy(), 500)
  })
}

/** A tunnel with a few bytes to and fro, then a clean end or a reset. */
function openSocket({ port, transport, random }: Client): Promise<string> {
  const handshake = [
    'GET /soak/socket HTTP/1.1',
    'Host: a',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  return new Promise((resolve) => {
    const { socket, carrier } = openConnection(port, transport, opened++)
    socket.on('end', () => socket.end())
    socket.on('error', () => {})
    socket.on('close', () => resolve('socket'))
    socket.once('data', () => socket.write('\x82\x85\0\0\0\0hello', 'latin1'))
    socket.write(`${handshake.join('\r\n')}\r\n\r\n`)
    const isClean = random.chance(50)
    setTimeout(() => (isClean ? socket.end() : carrier.resetAndDestroy()), random.between(10, 300))
    setTimeout(() => socket.destroy(), 1_000)
  })
}
