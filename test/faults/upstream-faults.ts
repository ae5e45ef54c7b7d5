import type { Socket } from 'node:net'
import { type Act, answer, bodyOf, type UpstreamFault } from './faulty-upstream.ts'

/** What a client may be left with: `answer` is the upstream's whole one, a number Keyway's own. */
export type Outcome = 'answer' | 'broken' | number

/** One fault of an upstream, and what a client may see of it. */
export interface UpstreamCase extends UpstreamFault {
  readonly name: string
  /** What the route leads to; default: an upstream with this fault. */
  readonly route?: 'up' | 'retry' | 'refused' | 'garbage' | 'mute' | 'hasty'
  /** Bytes of the request's body; default: 0, a GET. */
  readonly bodyBytes?: number
  /** Requests one after another on the client's connection; default: 2. */
  readonly requests?: number
  /** One client after another: another's request would come where nobody can tell the bytes apart. */
  readonly isSerial?: boolean
  /** Wait between them. */
  readonly pauseMs?: number
  readonly outcomes: readonly Outcome[]
  /** How often one request may be carried out; default: at most once. */
  readonly executions?: readonly number[]
}

const HEAD = 'HTTP/1.1 200 OK\r\n'
const LENGTH = `${HEAD}Content-Length: 100\r\n\r\n`
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`
const LARGE = 1_000_000

const send =
  (text: string): Act =>
  (socket) =>
    void socket.write(text)

/** Sends text and breaks the connection when it has been read: libuv takes a reset that comes with bytes for an end. */
const sendAndReset =
  (text: string): Act =>
  (socket) => {
    socket.write(text, () => setTimeout(() => socket.resetAndDestroy(), 400))
  }

const sendAndEnd =
  (text: string): Act =>
  (socket) =>
    void socket.end(text)

function trickle(socket: Socket, text: string): void {
  let at = 0
  const timer = setInterval(() => {
    if (!socket.writable || at === text.length) clearInterval(timer)
    else socket.write(text[at++] as string)
  }, 2)
}

const hints = (count: number): string =>
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(count)

const answers: Act = (socket, id) => void socket.write(answer(id))

/** Faults of upstreams. */
export const UPSTREAM_CASES: readonly UpstreamCase[] = [
  { name: 'none', onRequest: answers, outcomes: ['answer'], executions: [1] },
  {
    name: 'resets-before-the-head',
    onRequest: (socket) => void socket.resetAndDestroy(),
    outcomes: [502],
    executions: [1],
  },
  {
    name: 'resets-before-the-head-of-a-post',
    bodyBytes: 10,
    onRequest: (socket) => void socket.resetAndDestroy(),
    outcomes: [502],
    executions: [1],
  },
  { name: 'ends-before-the-head', onRequest: sendAndEnd(''), outcomes: [502], executions: [1] },
  { name: 'resets-amid-the-head', onRequest: sendAndReset(HEAD), outcomes: [502] },
  { name: 'ends-amid-the-head', onRequest: sendAndEnd(HEAD), outcomes: [502] },
  { name: 'resets-after-the-head', onRequest: sendAndReset(LENGTH), outcomes: ['broken'] },
  { name: 'resets-amid-a-length', onRequest: sendAndReset(`${LENGTH}half`), outcomes: ['broken'] },
  { name: 'ends-amid-a-length', onRequest: sendAndEnd(`${LENGTH}half`), outcomes: ['broken'] },
  {
    name: 'resets-amid-chunks',
    onRequest: sendAndReset(`${CHUNKED}4\r\nhalf\r\n`),
    outcomes: ['broken'],
  },
  {
    name: 'ends-amid-chunks',
    onRequest: sendAndEnd(`${CHUNKED}4\r\nhalf\r\n`),
    outcomes: ['broken'],
  },
  {
    name: 'resets-amid-a-body-to-the-end',
    onRequest: sendAndReset(`${HEAD}\r\nhalf`),
    outcomes: ['broken'],
  },
  { name: 'stalls-before-the-head', outcomes: [504], executions: [1] },
  { name: 'stalls-amid-the-head', onRequest: send(HEAD), outcomes: [504] },
  { name: 'stalls-amid-a-length', onRequest: send(`${LENGTH}half`), outcomes: ['broken'] },
  { name: 'stalls-amid-chunks', onRequest: send(`${CHUNKED}9\r\nhalf`), outcomes: ['broken'] },
  {
    name: 'trickles',
    onRequest: (socket, id) => trickle(socket, answer(id)),
    outcomes: ['answer'],
    executions: [1],
  },
  {
    name: 'answers-before-a-small-body',
    bodyBytes: 1_000,
    onHead: answers,
    outcomes: ['answer'],
    executions: [1],
  },
  {
    name: 'answers-before-a-large-body',
    bodyBytes: LARGE,
    onHead: answers,
    outcomes: ['answer'],
    executions: [1],
  },
  {
    // The next request may come behind what it does not read.
    name: 'answers-before-a-large-body-and-stops-reading',
    bodyBytes: LARGE,
    onHead: (socket, id) => {
      socket.pause()
      socket.write(answer(id))
    },
    outcomes: ['answer', 504],
    executions: [0, 1],
  },
  {
    // What is unread in its socket turns its end into a reset, and that may overtake the answer. The
    // next request may be written before its end is seen.
    name: 'answers-before-a-large-body-and-closes',
    bodyBytes: LARGE,
    onHead: (socket, id) => void socket.end(answer(id)),
    outcomes: ['answer', 'broken', 502],
    executions: [0, 1],
  },
  {
    name: 'answers-twice-at-once',
    requests: 4,
    onRequest: (socket, id) => void socket.write(answer(id) + answer('twice')),
    outcomes: ['answer'],
    executions: [1],
  },
  {
    name: 'answers-twice-the-second-time-late',
    isSerial: true,
    pauseMs: 100,
    onRequest(socket, id) {
      socket.write(answer(id))
      setTimeout(() => socket.writable && socket.write(answer('twice')), 20)
    },
    outcomes: ['answer'],
    executions: [1],
  },
  {
    name: 'says-too-long-a-length',
    onRequest: (socket, id) => void socket.end(answer(id).replace(/h: \d+/, 'h: 500')),
    outcomes: ['broken'],
  },
  {
    name: 'says-too-short-a-length',
    requests: 4,
    onRequest: (socket, id) => void socket.write(`${answer(id)}and more`),
    outcomes: ['answer'],
    executions: [1],
  },
  {
    name: 'says-two-lengths',
    onRequest: send(`${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc`),
    outcomes: [502],
  },
  {
    name: 'says-a-length-and-chunks',
    onRequest: send(`${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
    outcomes: [502],
  },
  { name: 'sends-bad-chunks', onRequest: send(`${CHUNKED}x\r\n`), outcomes: ['broken', 502] },
  { name: 'sends-no-http', onRequest: send('SSH-2.0-x\r\n\r\n'), outcomes: [502] },
  {
    name: 'sends-a-head-without-end',
    onRequest: send(`${HEAD}X: ${'a'.repeat(200_000)}`),
    outcomes: [502],
  },
  {
    name: 'switches-protocols-unasked',
    onRequest: send('HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    outcomes: [502],
  },
  {
    name: 'sends-a-hundred-hints-first',
    onRequest: (socket, id) => void socket.write(hints(100) + answer(id)),
    outcomes: ['answer'],
    executions: [1],
  },
  {
    name: 'sends-a-thousand-hints-first',
    onRequest: (socket, id) => void socket.write(hints(1_000) + answer(id)),
    outcomes: [502],
    executions: [1],
  },
  {
    // On a busy machine the next request comes before it is seen to be closed: a GET is sent once more.
    name: 'closes-an-idle-connection',
    isSerial: true,
    requests: 4,
    pauseMs: 50,
    onRequest(socket, id) {
      socket.write(answer(id))
      setTimeout(() => socket.end(), 10)
    },
    outcomes: ['answer'],
    executions: [1, 2],
  },
  {
    name: 'closes-an-idle-connection-before-a-post',
    bodyBytes: 10,
    isSerial: true,
    requests: 4,
    pauseMs: 50,
    onRequest(socket, id) {
      socket.write(answer(id))
      setTimeout(() => socket.end(), 10)
    },
    outcomes: ['answer', 502],
    executions: [0, 1],
  },
  {
    name: 'closes-as-the-next-post-comes',
    bodyBytes: 10,
    requests: 4,
    onRequest(socket, id) {
      socket.removeAllListeners('data')
      socket.once('data', () => socket.resetAndDestroy())
      socket.write(answer(id))
    },
    outcomes: ['answer', 502],
    executions: [0, 1],
  },
  {
    // A GET may be carried out twice: it is sent once more, over a new connection.
    name: 'closes-as-the-next-request-comes',
    requests: 4,
    onRequest(socket, id) {
      socket.removeAllListeners('data')
      socket.once('data', () => socket.resetAndDestroy())
      socket.write(answer(id))
    },
    outcomes: ['answer'],
    executions: [0, 1],
  },
  {
    name: 'closes-after-each-answer-without-a-word',
    requests: 6,
    onRequest: (socket, id) => void socket.end(answer(id)),
    outcomes: ['answer'],
    executions: [1, 2],
  },
  {
    name: 'resets-and-the-file-allows-to-send-again',
    route: 'retry',
    onRequest(socket, id) {
      if (isFirst(id)) socket.resetAndDestroy()
      else socket.write(answer(id))
    },
    outcomes: ['answer'],
    executions: [2],
  },
  {
    name: 'resets-a-post-that-the-file-does-not-send-again',
    route: 'retry',
    bodyBytes: 10,
    onRequest: (socket) => void socket.resetAndDestroy(),
    outcomes: [502],
    executions: [1],
  },
  { name: 'refuses-connections', route: 'refused', outcomes: [502], executions: [0] },
  { name: 'accepts-and-closes', route: 'hasty', outcomes: [502], executions: [0] },
  { name: 'speaks-no-tls', route: 'garbage', outcomes: [502], executions: [0] },
  { name: 'never-shakes-hands', route: 'mute', outcomes: [502, 504], executions: [0] },
]

const seen = new Set<string>()

/** Whether a request is here for the first time. */
function isFirst(id: string): boolean {
  if (seen.has(id)) return false
  seen.add(id)
  return bodyOf(id) !== ''
}
