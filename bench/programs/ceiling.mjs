// The least that a proxy on Node can do for the benchmark's exchange: node:http in front, a bare
// socket behind it that is written the head and the chunks as they come. Not a proxy to use: it has
// no limits, no hop-by-hop rules, no errors, and takes answers of a known length only.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

const [port, origin, prefix, ca, cert, key] = process.argv.slice(2)
const url = new URL(origin)
const isTls = url.protocol === 'https:'
const buffer = Buffer.allocUnsafeSlow(64 * 1024)
const end = Buffer.from('\r\n\r\n')
const idle = []

function onRequest(request, response) {
  const upstream = idle.pop() ?? open()
  upstream.begin(request, response)
}

function open() {
  let response = null
  let left = -1
  const onread = {
    buffer,
    callback: (bytes, memory) => onRead(Buffer.from(memory.subarray(0, bytes))),
  }
  const options = { host: url.hostname, port: Number(url.port), onread }
  const socket = isTls
    ? connectTls({ ...options, servername: url.hostname, ca: readFileSync(ca) })
    : connect(options)
  socket.setNoDelay(true)
  const lane = { begin }

  function begin(request, newResponse) {
    response = newResponse
    left = -1
    let head = `${request.method} ${request.url.slice(prefix.length)} HTTP/1.1\r\nhost: ${url.host}\r\n`
    const raw = request.rawHeaders
    for (let i = 0; i < raw.length; i += 2) {
      const name = raw[i].toLowerCase()
      if (name === 'host' || name === 'connection') continue
      if (name === 'authorization') head += `x-api-key: ${raw[i + 1].slice(7)}\r\n`
      else head += `${raw[i]}: ${raw[i + 1]}\r\n`
    }
    head += '\r\n'
    let isFirst = true
    request.on('data', (chunk) => {
      if (isFirst && chunk.length < 16_000) socket.write(head + chunk.toString('latin1'), 'latin1')
      else if (isFirst) {
        socket.cork()
        socket.write(head, 'latin1')
        socket.write(chunk)
        socket.uncork()
      } else socket.write(chunk)
      isFirst = false
      if (socket.writableLength > 131_072) {
        request.pause()
        socket.once('drain', () => request.resume())
      }
    })
  }

  function onRead(chunk) {
    if (left >= 0) return pass(chunk)
    const at = chunk.indexOf(end)
    const lines = chunk.toString('latin1', 0, at).split('\r\n')
    const fields = []
    for (const line of lines.slice(1)) {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon)
      const value = line.slice(colon + 2)
      if (name.toLowerCase() === 'content-length') left = Number(value)
      if (name !== 'Connection') fields.push(name, value)
    }
    response.writeHead(Number(lines[0].slice(9, 12)), fields)
    pass(chunk.subarray(at + 4))
  }

  function pass(chunk) {
    left -= chunk.length
    if (left > 0) return void response.write(chunk)
    response.end(chunk)
    idle.push(lane)
  }

  return lane
}

const server =
  cert === undefined
    ? createServer(onRequest)
    : createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, onRequest)
server.listen(Number(port), '127.0.0.1')

// A profile is written only where the process exits by itself.
process.once('SIGTERM', () => process.exit(0))
