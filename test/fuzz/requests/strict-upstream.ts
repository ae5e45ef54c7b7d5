import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Transport } from '../connection.ts'
import type { Findings } from '../findings.ts'
import { valuesOf } from '../parse-message.ts'
import { type ParsedRequest, parseRequest } from '../parse-request.ts'
import { checkUpstreamRequest, type Expected } from './check-upstream-request.ts'
import type { Entry, Ledger } from './ledger.ts'

/** An upstream that reads every byte twice and answers with the id of the request it got. */
export interface StrictUpstream {
  readonly port: number
  readonly requests: () => number
  readonly close: () => void
}

/** Starts it; what does not hold goes to `findings`. */
export async function startStrictUpstream(
  ledger: Ledger,
  findings: Findings,
  transport: Transport,
): Promise<StrictUpstream> {
  let requests = 0
  let expected: Expected = { host: '', protocol: '' }
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let bytes = ''
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.toString('latin1')
      const outcome = parseRequest(bytes, 0)
      if (outcome.state === 'bad') {
        findings.add(`a malformed request reached the upstream: ${outcome.reason}`, null, bytes)
        socket.destroy()
      } else if (outcome.state === 'message') {
        requests += 1
        const { end } = outcome.message
        if (end < bytes.length) findings.add('bytes after a request', null, bytes)
        socket.write(answer(outcome.message, bytes), 'latin1')
        bytes = ''
      }
    })
  })

  function answer(got: ParsedRequest, bytes: string): string {
    const entries = ledger.find(got.method, got.target)
    if (entries.length === 0) {
      findings.add('a request reached the upstream that no client sent', null, bytes)
      return 'HTTP/1.1 500 Smuggled\r\nContent-Length: 0\r\n\r\n'
    }
    // Several only where damage left no tag in the target: then any of them will do.
    const faults = entries.map((entry) => checkUpstreamRequest(got, entry, expected))
    const best = Math.max(
      0,
      faults.findIndex((list) => list.length === 0),
    )
    const entry = entries[best] as Entry
    for (const fault of faults[best] ?? []) findings.add(fault, entry.caseIndex, bytes)
    entry.executions += 1
    if (entry.executions > 1 && entries.length === 1)
      findings.add('executed twice', entry.caseIndex, bytes)
    return printAnswer(got, entry.id)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  expected = { host: `127.0.0.1:${port}`, protocol: transport === 'tls' ? 'https' : 'http' }
  return {
    port,
    requests: () => requests,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function printAnswer(got: ParsedRequest, id: string): string {
  const body = `${id}:${got.body.length}`
  const isHandshake = valuesOf(got.fields, 'upgrade').length > 0
  const head = `HTTP/1.1 ${isHandshake ? '403 No' : '200 OK'}\r\nX-Echo: ${id}\r\n`
  if (got.method === 'HEAD') return `${head}Content-Length: ${body.length}\r\n\r\n`
  if (id.length % 2 === 0) return `${head}Content-Length: ${body.length}\r\n\r\n${body}`
  const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
  return `${head}Transfer-Encoding: chunked\r\n\r\n${chunked}`
}
