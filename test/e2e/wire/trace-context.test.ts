import { describe, expect, test } from 'vitest'
import { exchangeRaw } from '../../support/raw-client.ts'
import { always } from '../../support/recording-upstream.ts'
import { type Pair, startPair } from '../../support/start-pair.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const VALID = `00-${TRACE}-b7ad6b7169203331-01`
const MADE = /^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-00$/

const start = (trace: string | null, route = ''): Promise<Pair> =>
  startPair({
    script: always('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
    server: trace === null ? '' : `server: { trace: ${trace} }`,
    route,
  })

/** The two fields as the upstream is sent them, in order. */
async function sent(pair: Pair, fields: readonly string[]): Promise<string[]> {
  const head = ['GET /up/x HTTP/1.1', 'Host: a', 'Connection: close', ...fields, '', ''].join(
    '\r\n',
  )
  await exchangeRaw(pair.address, head)
  const received = await (await pair.upstream.connection(0)).head()
  return received.split('\r\n').filter((line) => /^trace(?:parent|state):/i.test(line))
}

describe.each(['pass', 'make', null])('trace: %s', (trace) => {
  test.each([
    { name: 'a valid one', fields: [`traceparent: ${VALID}`] },
    { name: 'in the letters of its client', fields: [`TraceParent: ${VALID}`] },
    { name: 'with its state', fields: [`traceparent: ${VALID}`, 'tracestate: a=1,b=2'] },
    {
      name: 'with its state in two fields',
      fields: [`traceparent: ${VALID}`, 'tracestate: a=1', 'tracestate: b=2'],
    },
    { name: 'of a later version', fields: [`traceparent: 01-${TRACE}-b7ad6b7169203331-01-x`] },
  ])('leaves as it came: $name', async ({ fields }) => {
    expect(await sent(await start(trace), fields)).toEqual(fields)
  })

  test('a state that is none stays behind', async () => {
    const fields = [`traceparent: ${VALID}`, 'tracestate: sk FAKE']
    expect(await sent(await start(trace), fields)).toEqual([`traceparent: ${VALID}`])
  })

  test.each([
    { name: 'words', fields: ['traceparent: hello', 'tracestate: a=1'] },
    { name: 'no trace', fields: [`traceparent: 00-${'0'.repeat(32)}-b7ad6b7169203331-01`] },
    { name: 'two of them', fields: [`traceparent: ${VALID}`, `traceparent: ${VALID}`] },
  ])('another one is made in place of $name, without a state', async ({ fields }) => {
    const [line = '', ...more] = await sent(await start(trace), fields)
    expect(more).toEqual([])
    expect(line.replace('traceparent: ', '')).toMatch(MADE)
  })
})

test.each([
  { trace: 'pass', lines: [] },
  { trace: 'make', lines: [expect.stringMatching(/^traceparent: 00-/)] },
  { trace: 'drop', lines: [] },
])('none was sent, trace: $trace', async ({ trace, lines }) => {
  expect(await sent(await start(trace), [])).toEqual(lines)
})

test('a state alone stays behind', async () => {
  expect(await sent(await start('pass'), ['tracestate: a=1'])).toEqual([])
})

test('trace: drop', async () => {
  const fields = [`traceparent: ${VALID}`, 'tracestate: a=1']
  expect(await sent(await start('drop'), fields)).toEqual([])
})

test('a route may take it away', async () => {
  const pair = await start('make', 'request: { remove: [traceparent] }')
  expect(await sent(pair, [`traceparent: ${VALID}`])).toEqual([])
})
