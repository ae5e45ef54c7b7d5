// A proxy on Node by what is at hand for the benchmark's exchange: node:http in front, undici's
// dispatch behind, one credential rewritten on the flat header array. Not a proxy to use: it has no
// limits, no hop-by-hop rules, no errors.
import { createServer } from 'node:http'
import { Pool } from 'undici'

const [port, origin, prefix] = process.argv.slice(2)
const pool = new Pool(origin, { pipelining: 1 })
const largestBufferedBody = 65_536

const server = createServer((request, response) => {
  const length = Number(request.headers['content-length'] ?? 0)
  if (length === 0 || length > largestBufferedBody) return forward(request, response, request)
  request.once('data', (first) => {
    if (first.length === length) return forward(request, response, first)
    const chunks = [first]
    request.on('data', (chunk) => chunks.push(chunk))
    request.once('end', () => forward(request, response, Buffer.concat(chunks)))
  })
})

function forward(request, response, body) {
  const options = {
    path: request.url.slice(prefix.length),
    method: request.method,
    headers: placeCredential(request.rawHeaders),
    body,
  }
  pool.dispatch(options, createHandler(response))
}

function placeCredential(raw) {
  const headers = []
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i].toLowerCase()
    if (name === 'host' || name === 'connection') continue
    if (name !== 'authorization') headers.push(raw[i], raw[i + 1])
    else if (raw[i + 1].startsWith('Bearer sk-ant-')) headers.push('x-api-key', raw[i + 1].slice(7))
    else headers.push(raw[i], raw[i + 1])
  }
  return headers
}

function createHandler(response) {
  let resumeUpstream
  return {
    onConnect() {},
    onHeaders(status, raw, resume) {
      resumeUpstream = resume
      const headers = []
      for (let i = 0; i < raw.length; i += 2) {
        const name = raw[i].toString('latin1')
        if (name !== 'Connection') headers.push(name, raw[i + 1].toString('latin1'))
      }
      response.writeHead(status, headers)
      return true
    },
    onData(chunk) {
      if (response.write(chunk)) return true
      response.once('drain', resumeUpstream)
      return false
    },
    onComplete() {
      response.end()
    },
    onError() {
      response.destroy()
    },
  }
}

server.listen(Number(port), '127.0.0.1')

// A profile is written only where the process exits by itself.
process.once('SIGTERM', () => process.exit(0))
