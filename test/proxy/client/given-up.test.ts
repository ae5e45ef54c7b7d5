import { expect, test } from 'vitest'
import { watchGivenUp } from '../../../src/proxy/client/given-up.ts'

/** What came until a look: bytes read, whether PINGs were written, answers. */
interface Step {
  readonly read?: number
  readonly writes?: boolean
  readonly waits?: number
  readonly pongs?: number
}

const rows: readonly {
  name: string
  steps: readonly Step[]
  pings: number
  end: boolean
}[] = [
  { name: 'nothing was ever read', steps: [{}, {}, {}], pings: 0, end: false },
  { name: 'more is read each time', steps: [{ read: 1 }, { read: 1 }], pings: 0, end: false },
  {
    name: 'the PING is written, and answered',
    steps: [{ read: 1 }, {}, { writes: true }, { read: 17, pongs: 1 }, {}, {}],
    pings: 1,
    end: false,
  },
  {
    name: 'the PING is written, and never answered',
    steps: [{ read: 1 }, {}, { writes: true }, {}, {}],
    pings: 1,
    end: false,
  },
  {
    name: 'the answer comes with more',
    steps: [{ read: 1 }, {}, { writes: true }, { read: 30, pongs: 1 }, {}],
    pings: 2,
    end: false,
  },
  {
    name: 'the PING waits behind other bytes',
    steps: [{ read: 1 }, {}, { waits: 9 }],
    pings: 1,
    end: false,
  },
  { name: 'the PING is not written', steps: [{ read: 1 }, {}, {}], pings: 1, end: true },
  {
    name: 'eight answers are waited for',
    steps: Array.from({ length: 27 }, (_, i) => [{ read: 1 }, {}, { writes: true }][i % 3] as Step),
    pings: 8,
    end: false,
  },
]

function start(node: string) {
  const socket = { bytesRead: 0, bytesWritten: 0, _handle: { writeQueueSize: 0 } }
  const answers: (() => void)[] = []
  const session = { closed: false, ping: (onPong: () => void) => answers.push(onPong) > 0 }
  let pings = 0
  const watch = watchGivenUp(session, socket, node)
  const look = ({ read = 0, writes = false, waits = 0, pongs = 0 }: Step): boolean => {
    socket.bytesRead += read
    socket.bytesWritten += writes ? 17 : 0
    socket._handle.writeQueueSize = waits
    for (const onPong of answers.splice(0, pongs)) onPong()
    const before = answers.length
    const isGivenUp = watch()
    pings += answers.length - before
    return isGivenUp
  }
  return { look, session, pings: () => pings }
}

test.each(rows)('where $name: $end', ({ steps, pings, end }) => {
  const { look, pings: sent } = start('20.19.0')
  expect(steps.map(look).at(-1)).toBe(end)
  expect(sent()).toBe(pings)
})

test('a session that takes no new requests sends no PING, and is none the worse', () => {
  const { look, session, pings } = start('20.19.0')
  session.closed = true
  expect([{ read: 1 }, {}, {}, {}].map(look)).toEqual([false, false, false, false])
  expect(pings()).toBe(0)
})

test('a Node that tells of it is asked nothing', () => {
  const { look, pings } = start('24.0.0')
  expect([{ read: 1 }, {}, {}, {}].map(look)).toEqual([false, false, false, false])
  expect(pings()).toBe(0)
})
