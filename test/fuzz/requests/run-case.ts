import { type Connection, openConnection, type Transport } from '../connection.ts'
import type { Findings } from '../findings.ts'
import { CREDENTIAL_MARK } from '../fork-keyway.ts'
import { valuesOf } from '../parse-message.ts'
import { type ConnectionState, type ParsedResponse, parseResponse } from '../parse-response.ts'
import { writePieces } from '../write-pieces.ts'
import type { RequestCase } from './generate.ts'
import type { Meaning } from './ledger.ts'

/** No connection may take longer than this from its first byte to its end. */
const HANG_MS = 40_000

/** Every so many cases nothing is closed from our side: Keyway's own clocks must end them. */
const PATIENT_EVERY = 200

/** Sends one case to Keyway and holds what comes back against what was sent; resolves at its end. */
export function runCase(
  listener: { readonly port: number; readonly transport: Transport },
  subject: RequestCase,
  meaning: Meaning,
  findings: Findings,
): Promise<void> {
  return new Promise((resolve) => {
    const connection = openConnection(listener.port, listener.transport, subject.index)
    const { socket } = connection
    const reader = readAnswers(subject, meaning, findings)
    const timer = setTimeout(() => {
      reader.report('a connection hangs')
      socket.destroy()
    }, HANG_MS)
    let isWritten = false
    const proceed = (): void => {
      if (reader.isDone()) setImmediate(finish, connection, subject)
      else if (isWritten && reader.mayEnd() && socket.writable) socket.end()
    }
    socket.on('data', (chunk: Buffer) => {
      reader.read(chunk.toString('latin1'), 'open')
      proceed()
    })
    socket.on('end', () => {
      reader.read('', 'ended')
      socket.destroy()
    })
    socket.on('error', () => reader.read('', 'reset'))
    socket.on('close', () => {
      clearTimeout(timer)
      reader.close()
      resolve()
    })
    // Not within the calls of OpenSSL that tell of it: what is cut off there is under its feet.
    const begin = (): void =>
      writePieces(socket, subject.bytes, subject.cuts, () => {
        isWritten = true
        endSide(connection, subject)
        proceed()
      })
    socket.on(connection.opening, () => setImmediate(begin))
  })
}

/** A record that no key opens. */
const BROKEN_RECORD = Buffer.from(`\x17\x03\x03\0\x18${'x'.repeat(24)}`, 'latin1')

/** Does what the case does when all is written; by TLS a side ends with a closing alert, without one, or by a record that is none. */
function endSide({ socket, carrier }: Connection, { ending, index }: RequestCase): void {
  if (ending === 'reset') carrier.resetAndDestroy()
  else if (ending === 'half-close') {
    if (socket === carrier || index % 3 === 0) socket.end()
    else if (index % 3 === 1) carrier.end()
    else carrier.write(BROKEN_RECORD)
  }
}

function finish({ socket, carrier }: Connection, { index }: RequestCase): void {
  // A reset leaves no port in TIME_WAIT, and is one more thing to get right; amid the end of our side
  // Node refuses it, and never closes.
  if (index % 4 === 0 || socket.writableEnded || carrier.writableEnded) socket.destroy()
  else carrier.resetAndDestroy()
}

interface AnswerReader {
  readonly read: (bytes: string, state: ConnectionState) => void
  /** Everything that was asked is answered, and nothing else is to come. */
  readonly isDone: () => boolean
  /** What is left of the bytes sent is no request: the client may give up. */
  readonly mayEnd: () => boolean
  readonly close: () => void
  readonly report: (what: string) => void
}

function readAnswers(subject: RequestCase, meaning: Meaning, findings: Findings): AnswerReader {
  const { entries, isClear } = meaning
  let received = ''
  let at = 0
  let answered = 0
  let hasRefused = false
  let state: ConnectionState = 'open'
  let isBroken = false
  const report = (what: string): void => {
    findings.add(what, subject.index, show(subject, received))
  }

  function check(response: ParsedResponse): void {
    const entry = entries[answered]
    const error = valuesOf(response.fields, 'x-keyway-error')[0]
    const echo = valuesOf(response.fields, 'x-echo')[0]
    if (JSON.stringify(response).includes(CREDENTIAL_MARK)) report('a credential in a response')
    if (error === undefined && echo === undefined) report('an answer of nobody')
    else if (entry === undefined) {
      if (error === undefined || isClear || answered > entries.length) report('an answer too many')
    } else if (error !== undefined) {
      if (entry.isPlain && !hasRefused) refusedPlain(error)
    } else if (echo !== entry.id) {
      // Without its tag, a target may be another case's too.
      if (entry.isTagged) report("another request's answer")
    } else if (response.framing !== 'none') {
      const wanted = `${entry.id}:${entry.request.body.length}`
      if (response.body !== wanted) report('another body than the upstream sent')
    }
    const isClosing = /close/i.test(valuesOf(response.fields, 'connection').join())
    hasRefused ||= error !== undefined || isClosing
    answered += 1
  }

  function refusedPlain(error: string): void {
    if (isClear) report(`a valid request is refused: ${error}`)
    else report(`a valid request is refused for what came after it: ${error}`)
  }

  return {
    report,
    read(bytes, next) {
      received += bytes
      state = next
      while (at < received.length && !isBroken) {
        const method = entries[answered]?.request.method ?? 'GET'
        const outcome = parseResponse(received, at, method, state)
        if (outcome.state === 'incomplete') return
        if (outcome.state === 'bad') {
          isBroken = true
          if (next !== 'reset') report(`a malformed response: ${outcome.reason}`)
          return
        }
        at = outcome.message.end
        if (outcome.message.status >= 200) check(outcome.message)
        else if (outcome.message.status !== 100) report('an interim response of nobody')
      }
    },
    isDone() {
      const last = entries.at(-1)
      return isClear && answered >= entries.length && !(last?.request.isLast ?? false)
    },
    mayEnd: () => answered >= entries.length && !isClear && subject.index % PATIENT_EVERY !== 0,
    close() {
      if (subject.ending !== 'wait' || hasRefused || answered >= entries.length) return
      if (!entries[answered]?.isPlain || state === 'reset') return
      // Node stops parsing there, in trailers too; behind an unanswered request that breaks the connection.
      if (
        /connect /i.test(subject.bytes) ||
        /\n(upgrade|(proxy-)?connection):/i.test(subject.bytes)
      )
        return
      if (isClear) report('a valid request is left unanswered')
      else report('a valid request is left unanswered for what came after it')
    },
  }
}

/** A case for people: what was sent and what came back. */
export function show(subject: RequestCase, received: string): string {
  const { bytes, cuts, ending, attacks } = subject
  const cut = cuts.length > 8 ? `${cuts.length} cuts` : `cuts ${cuts.join()}`
  return [
    `${attacks.join(', ') || 'nothing wrong'}; ${cut}; ${ending}`,
    `sent ${JSON.stringify(bytes.slice(0, 3_000))}`,
    `got  ${JSON.stringify(received.slice(0, 2_000))}`,
  ].join('\n  ')
}
