// Both ends of agents' turns, in one process so that one clock tells both: an upstream over TLS that
// reads a whole prompt and answers with a stream of events, and clients that send one turn after the
// other through a proxy. Begins with the port of the upstream on a line; takes lines of JSON
// ({ port, clients, seconds }) and answers each with a line of numbers.
import { readFileSync } from 'node:fs'
import { Agent, createServer, request } from 'node:https'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { headers, key, path, prefix, prompt } from '../harness/workload.mjs'

const [certificate, privateKey, authority] = process.argv.slice(2)
const body = Buffer.from(prompt(256 * 1024))
const EVENTS = 400
const EVENT_BYTES = 150
const EVENT_MS = 20

const tls = { cert: readFileSync(certificate), key: readFileSync(privateKey) }
const agent = new Agent({ keepAlive: true, maxSockets: Infinity, ca: readFileSync(authority) })
const server = createServer(tls, answer).listen(0, '127.0.0.1', () => {
  console.log(server.address().port)
})

function answer(incoming, response) {
  let bytes = 0
  incoming.on('data', (chunk) => {
    bytes += chunk.length
  })
  incoming.on('end', () => {
    const fields = incoming.headers
    const isRight = fields['x-api-key'] === key && fields.authorization === undefined
    if (!isRight || bytes !== body.length) return response.writeHead(401).end()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    let sent = 0
    const timer = setInterval(() => {
      response.write(event())
      sent += 1
      if (sent === EVENTS) response.end()
      if (sent === EVENTS || response.destroyed) clearInterval(timer)
    }, EVENT_MS)
    response.write(event())
    sent += 1
  })
}

// The time it is sent at stands first, in microseconds.
function event() {
  const text = `data: ${Math.round(performance.now() * 1000)} `
  return `${text.padEnd(EVENT_BYTES - 2, '.')}\n\n`
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await load(JSON.parse(line))))

async function load({ port, clients, seconds }) {
  const found = { turns: 0, failures: 0, firsts: [], delays: [] }
  const until = performance.now() + seconds * 1000
  const turns = Array.from({ length: clients }, async (_, index) => {
    await sleep((index * EVENTS * EVENT_MS) / clients)
    do await takeTurn(port, found)
    while (performance.now() < until)
  })
  await Promise.all(turns)
  return {
    turns: found.turns,
    failures: found.failures,
    ...percentiles('first', found.firsts),
    ...percentiles('event', found.delays),
  }
}

function percentiles(name, times) {
  const sorted = Float64Array.from(times).sort()
  const at = (share) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  return { [`${name}P50Ms`]: at(0.5), [`${name}P99Ms`]: at(0.99) }
}

function takeTurn(port, found) {
  const began = performance.now()
  const seen = { events: 0 }
  return new Promise((resolve) => {
    const end = () => {
      found.turns += 1
      if (seen.events !== EVENTS) found.failures += 1
      resolve()
    }
    const options = { port, host: 'localhost', path: prefix + path, method: 'POST', agent }
    const sent = request(
      { ...options, headers: { ...headers, 'content-length': body.length } },
      (response) => {
        response.on('data', (chunk) => read(chunk, { began, found, seen }))
        response.once('close', end)
      },
    )
    sent.once('error', end)
    sent.end(body)
  })
}

// A piece may hold several events, and part of one: what is counted is where one begins.
function read(chunk, { began, found, seen }) {
  const now = performance.now()
  if (seen.events === 0) found.firsts.push(now - began)
  for (const [, micros] of chunk.toString('latin1').matchAll(/data: (\d+) /g)) {
    seen.events += 1
    found.delays.push(now - Number(micros) / 1000)
  }
}
