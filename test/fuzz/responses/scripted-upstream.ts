import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { CERTIFICATE_FILE, KEY_FILE, type Transport } from '../connection.ts'
import type { Findings } from '../findings.ts'
import { parseRequest } from '../parse-request.ts'
import { writePieces } from '../write-pieces.ts'
import type { ResponsePlan } from './generate.ts'

/** An upstream that answers each request as its plan says. */
export interface ScriptedUpstream {
  readonly port: number
  /** What came before on the connection that brought a request; undefined: it never came. */
  readonly before: (id: string) => 'nothing' | 'clean' | 'unclean' | undefined
  readonly close: () => void
}

const HEAD = /^(\S+) \/(\S+) HTTP\/1\.1\r\n(?:[^\r\n]+\r\n)*\r\n/

/** Starts it; a request is looked up in `plans` by its path. */
export async function startScriptedUpstream(
  plans: ReadonlyMap<string, ResponsePlan>,
  findings: Findings,
  transport: Transport,
): Promise<ScriptedUpstream> {
  const sockets = new Set<Socket>()
  const served = new Map<string, 'nothing' | 'clean' | 'unclean'>()
  const carriedOut = new Map<string, number>()
  const secureContext = createSecureContext(readCertificate())
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (carrier) => {
    const socket =
      transport === 'plain' ? carrier : new TLSSocket(carrier, { isServer: true, secureContext })
    sockets.add(carrier)
    carrier.on('close', () => sockets.delete(carrier))
    for (const one of [carrier, socket]) one.on('error', () => {})
    socket.on('end', () => socket.end())
    serve(socket, carrier)
  })

  function serve(socket: Socket, carrier: Socket): void {
    let bytes = ''
    let answered = false
    let before: 'nothing' | 'clean' | 'unclean' = 'nothing'
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.toString('latin1')
      const found = answered ? undefined : plans.get(HEAD.exec(bytes)?.[2] ?? '')
      if (found?.isEarly) {
        answered = true
        before = answer({ socket, carrier }, found, before)
      }
      const outcome = parseRequest(bytes, 0)
      if (outcome.state === 'incomplete') return
      if (outcome.state === 'bad') {
        findings.add(`a malformed request reached the upstream: ${outcome.reason}`, null, bytes)
        return void socket.destroy()
      }
      const { target, end } = outcome.message
      const plan = plans.get(target.slice(1))
      bytes = bytes.slice(end)
      if (plan === undefined) findings.add('a request that no client sent', null, target)
      else if (!answered) before = answer({ socket, carrier }, plan, before)
      answered = false
    })
  }

  function answer(
    { socket, carrier }: { readonly socket: Socket; readonly carrier: Socket },
    plan: ResponsePlan,
    before: 'nothing' | 'clean' | 'unclean',
  ): 'clean' | 'unclean' {
    const times = (carriedOut.get(plan.id) ?? 0) + 1
    if (times > mayBeCarriedOut(plan)) findings.add('executed twice', plan.caseIndex, plan.id)
    carriedOut.set(plan.id, times)
    served.set(plan.id, before)
    writePieces(socket, plan.bytes, plan.cuts, () => {
      if (plan.ending === 'reset') carrier.resetAndDestroy()
      else if (plan.ending === 'close') socket.end()
    })
    const isClean =
      plan.ending === 'keep' && plan.isSound && plan.meaning?.end === plan.bytes.length
    return isClean && before !== 'unclean' ? 'clean' : 'unclean'
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    before: (id) => served.get(id),
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function readCertificate(): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(CERTIFICATE_FILE), key: readFileSync(KEY_FILE) }
}

/** A kept connection that closes without a byte has a request sent once more, where that is safe. */
function mayBeCarriedOut({ method }: ResponsePlan): number {
  return method === 'POST' ? 1 : 2
}
