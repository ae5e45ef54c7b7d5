import { type IncomingMessage, request } from 'node:http'
import { unhelpful, unreachable } from './recording-error.ts'
import type { AdminTarget } from './admin-target.ts'

/** How long an answer may take to begin. */
const ANSWER_MS = 10_000
/** How long a feed may be quiet; it says something every 15 seconds. */
const QUIET_MS = 60_000
/** What a line of a feed may hold. */
const LINE_CHARS = 256 * 1024

/** Asks for a page of the admin interface; throws RecordingError where that is not what answers. */
function askAdmin({ address, token }: AdminTarget, path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({
      ...address,
      path,
      agent: false,
      timeout: ANSWER_MS,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    })
    asked.once('timeout', () => asked.destroy(withCode('ETIMEDOUT')))
    asked.once('error', (error) => reject(unreachable(address, error)))
    asked.once('response', (response) => {
      const { statusCode: status = 0, headers } = response
      if (status === 200) {
        resolve(response)
        return
      }
      const isProxy = headers['x-keyway-error'] !== undefined
      reject(unhelpful(address, { status, isProxy, hasToken: token !== null }))
      asked.destroy()
    })
    asked.end()
  })
}

/** Reads a page of JSON. */
export async function readPage(target: AdminTarget, path: string): Promise<unknown> {
  const response = await askAdmin(target, path)
  let text = ''
  response.setEncoding('utf8')
  try {
    for await (const chunk of response as AsyncIterable<string>) text += chunk
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Reads the events of a feed until it ends, or the signal ends it; throws RecordingError where it is none, or it breaks off. */
export async function* readEvents(target: AdminTarget, ends: AbortSignal): AsyncGenerator<unknown> {
  const { address } = target
  const response = await askAdmin(target, '/events')
  if (response.headers['content-type'] !== 'text/event-stream') {
    response.destroy()
    throw unhelpful(address, { status: 404, isProxy: false, hasToken: false })
  }
  const end = (): void => void response.destroy()
  ends.addEventListener('abort', end)
  response.socket.setTimeout(QUIET_MS, end)
  try {
    if (!ends.aborted) yield* eventsIn(response)
  } catch (error) {
    if (!ends.aborted && !isBrokenOff(error)) throw error
  } finally {
    ends.removeEventListener('abort', end)
    response.destroy()
  }
}

async function* eventsIn(response: IncomingMessage): AsyncGenerator<unknown> {
  let rest = ''
  response.setEncoding('utf8')
  for await (const chunk of response as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LINE_CHARS) return
    for (const line of lines) if (line.startsWith('data: ')) yield parse(line.slice(6))
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isBrokenOff(error: unknown): boolean {
  return error instanceof Error && 'code' in error
}

function withCode(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code })
}
