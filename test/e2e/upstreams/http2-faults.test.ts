import { expect, test } from 'vitest'
import { END_HEADERS, END_STREAM, FRAME, uint32 } from '../../floods/http2-frames.ts'
import { exchangeRaw, requestBytes } from '../../support/raw-client.ts'
import { type FrameConnection, type FrameScript, startFramePair } from './frame-upstream.ts'

const GET = requestBytes('GET /up/x')
const NO_ERROR = uint32(0)

/** `:status: 200` of HPACK's table, and a field whose name and value are written out. */
const OK = Buffer.from([0x88])
const field = (name: string, value: string): Buffer =>
  Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ])

function begin({ send }: FrameConnection, stream: number, fields: Buffer = Buffer.alloc(0)): void {
  send(FRAME.headers, END_HEADERS, stream, Buffer.concat([OK, fields]))
}

const whole: FrameScript = (connection, stream) => {
  begin(connection, stream)
  connection.send(FRAME.data, END_STREAM, stream, Buffer.from('whole'))
}

const cuts: readonly { name: string; fields?: Buffer; body: string; ends: string }[] = [
  { name: 'amid a body', body: 'part', ends: 'part\r\n' },
  { name: 'behind the head', body: '', ends: '\r\n\r\n' },
  {
    name: 'amid a body of a length',
    fields: field('content-length', '9'),
    body: 'part',
    ends: 'part',
  },
]

test.each(cuts)(
  'a stream that is reset by NO_ERROR $name has ended no response',
  async ({ fields, body, ends }) => {
    const { address, logged } = await startFramePair((connection, stream) => {
      begin(connection, stream, fields)
      if (body !== '') connection.send(FRAME.data, 0, stream, Buffer.from(body))
      connection.send(FRAME.rstStream, 0, stream, NO_ERROR)
    })
    const answer = await exchangeRaw(address, GET)
    expect(answer.endsWith(ends)).toBe(true)
    expect(logged.map(({ fields }) => fields.code)).toEqual(['ERR_HTTP2_STREAM_BROKEN'])
  },
)

test('a request that is asked to send no more behind the whole response has its answer', async () => {
  const { address, logged } = await startFramePair((connection, stream, count) => {
    whole(connection, stream, count)
    connection.send(FRAME.rstStream, 0, stream, NO_ERROR)
  })
  const upload = ['Content-Length: 100000', 'Expect: 100-continue']
  const answer = await exchangeRaw(address, requestBytes('POST /up/x', upload, 'begun'))
  expect(answer).toContain('5\r\nwhole\r\n0\r\n\r\n')
  expect(logged).toEqual([])
})

const faults: readonly { name: string; fault: FrameScript }[] = [
  {
    name: 'a body before a head',
    fault: ({ send }, stream) => send(FRAME.data, END_STREAM, stream, Buffer.from('x')),
  },
  {
    name: 'a head that can not be read',
    fault: ({ send }, stream) =>
      send(FRAME.headers, END_HEADERS, stream, Buffer.from([0xff, 0xff, 0xff, 0xff])),
  },
  {
    name: 'a frame longer than may be',
    fault: ({ socket }) =>
      void socket.write(Buffer.from([0xff, 0xff, 0xff, FRAME.data, 0, 0, 0, 0, 1])),
  },
  {
    name: 'the rest of no head',
    fault: ({ send }, stream) => send(FRAME.continuation, END_HEADERS, stream, OK),
  },
]

test.each(faults)('an upstream whose connection ends by $name is given up: 502', async (row) => {
  const { address, opened } = await startFramePair((connection, stream, count) =>
    (count === 0 ? row.fault : whole)(connection, stream, count),
  )
  expect(await exchangeRaw(address, GET)).toContain('x-keyway-error: upstream_failed')
  expect(await exchangeRaw(address, GET)).toContain('whole')
  expect(opened()).toBe(2)
})
