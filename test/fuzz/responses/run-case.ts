import { connect, type Socket } from 'node:net'
import type { Findings } from '../findings.ts'
import { valuesOf } from '../parse-message.ts'
import { type ConnectionState, type ParsedResponse, parseResponse } from '../parse-response.ts'
import type { ResponsePlan } from './generate.ts'
import type { ScriptedUpstream } from './scripted-upstream.ts'

/** No exchange may take longer. */
const HANG_MS = 60_000

/** What the client got: the response, or why there is none. */
type Got = ParsedResponse | 'broken' | 'malformed' | 'hangs'

/** Asks for each plan in turn, on one connection for as long as it lasts. */
export async function runResponseCase(
  port: number,
  plans: readonly ResponsePlan[],
  upstream: ScriptedUpstream,
  findings: Findings,
): Promise<void> {
  let socket: Socket | null = null
  for (const plan of plans) {
    if (socket === null || socket.destroyed || !socket.writable)
      socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const { got, received } = await exchange(socket, plan)
    for (const fault of judge(plan, got, received, upstream.before(plan.id)))
      findings.add(fault, plan.caseIndex, show(plan, received))
    const isOver =
      typeof got === 'string' || /close/i.test(valuesOf(got.fields, 'connection').join())
    if (isOver) socket.destroy()
  }
  socket?.resetAndDestroy()
}

function exchange(socket: Socket, plan: ResponsePlan): Promise<{ got: Got; received: string }> {
  return new Promise((resolve) => {
    let received = ''
    const settle = (got: Got): void => {
      clearTimeout(timer)
      socket.removeAllListeners()
      socket.on('error', () => {})
      resolve({ got, received })
    }
    const read = (state: ConnectionState): void => {
      const outcome = readFinal(received, plan.method, state)
      if (outcome !== null) settle(outcome)
      else if (state !== 'open') settle('broken')
    }
    const timer = setTimeout(() => settle('hangs'), HANG_MS)
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1')
      read('open')
    })
    socket.on('error', () => read('reset'))
    socket.on('end', () => read('ended'))
    socket.on('close', () => settle('broken'))
    socket.write(printRequest(plan), 'latin1')
  })
}

/** The final response; null: not there yet. */
function readFinal(bytes: string, method: string, state: ConnectionState): Got | null {
  for (let at = 0; ; ) {
    const outcome = parseResponse(bytes, at, method, state)
    if (outcome.state === 'incomplete') return null
    if (outcome.state === 'bad') return state === 'reset' ? 'broken' : 'malformed'
    const { status, reason, end } = outcome.message
    if (/[^\t\x20-\x7e\x80-\xff]/.test(reason)) return 'malformed'
    if (status >= 200) return end < bytes.length ? 'malformed' : outcome.message
    at = end
  }
}

function printRequest({ method, id, bodyBytes, isChunked }: ResponsePlan): string {
  const head = `${method} /up/${id} HTTP/1.1\r\nHost: keyway.test\r\n`
  if (bodyBytes === 0) return `${head}\r\n`
  const body = 'b'.repeat(bodyBytes)
  if (!isChunked) return `${head}Content-Length: ${bodyBytes}\r\n\r\n${body}`
  const chunk = `${bodyBytes.toString(16)}\r\n${body}\r\n0\r\n\r\n`
  return `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`
}

/** What is wrong with what a client got, given what the upstream sent. */
function judge(
  plan: ResponsePlan,
  got: Got,
  received: string,
  before: ReturnType<ScriptedUpstream['before']>,
): string[] {
  const { meaning, reason } = plan
  if (isForeign(received, plan)) return ["another request's response"]
  if (got === 'hangs') return ['an exchange hangs']
  if (got === 'malformed') return ['a malformed response reached the client']
  const mayFail = !plan.isSound || wasSpoilt(before)
  if (got === 'broken') return mayFail ? [] : ['a good response is broken off']
  if (isOwn(got)) return mayFail ? [] : [`a good response is a ${got.status}`]
  // libuv reports a reset that comes with the last bytes as an end.
  if (reason === 'reset') return []
  if (meaning === null) return [`a bad response passes for a good one: ${reason}`]
  if (got.status !== meaning.status) return ['another status than the upstream sent']
  if (got.body !== meaning.body) return ['another body than the upstream sent']
  return []
}

/** Whether the connection was one that the request before had spoilt, or the request got lost in its closing. */
function wasSpoilt(before: ReturnType<ScriptedUpstream['before']>): boolean {
  return before === undefined || before === 'unclean'
}

function isOwn(response: ParsedResponse): boolean {
  const [code = ''] = valuesOf(response.fields, 'x-keyway-error')
  return /^upstream_(failed|timeout)$/.test(code) && /^50[24]$/.test(String(response.status))
}

/** Whether there are bytes of another response; damage may have made an id of another case out of ours. */
function isForeign(received: string, { bytes, meaning }: ResponsePlan): boolean {
  const marks = received.match(/\[(evil-)?r\w+-\w+-\dz\]/g) ?? []
  // Chunks may come joined.
  const own = [bytes, bytes.replaceAll(/\r\n[0-9a-f]+[^\r\n]*\r\n/gi, ''), meaning?.body ?? '']
  return marks.some((other) => !own.some((text) => text.includes(other)))
}

/** A case for people. */
export function show(plan: ResponsePlan, received: string): string {
  const { id, method, bodyBytes, bytes, cuts, ending, attacks, isEarly, reason } = plan
  return [
    `${id} ${attacks.join(', ') || 'nothing wrong'}; ${reason || 'good'}; ${cuts.length} cuts; ${ending}${isEarly ? '; early' : ''}`,
    `${method} with ${bodyBytes} bytes`,
    `upstream ${JSON.stringify(bytes.slice(0, 1_500))}`,
    `client   ${JSON.stringify(received.slice(0, 1_500))}`,
  ].join('\n  ')
}
