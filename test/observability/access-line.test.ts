import { expect, test } from 'vitest'
import { AccessLine } from '../../src/observability/access-line.ts'
import type { ExchangeRecord } from '../../src/observability/exchange-record.ts'
import { RECORD } from '../support/sample-record.ts'

const START = 7

/** What a line says of itself in place, with how much room it asked for; null: it wants to be asked for its text. */
function placed(line: AccessLine): { readonly text: string; readonly isFitting: boolean } | null {
  const into = Buffer.alloc(65_536, '#')
  const end = line.put(into, START)
  if (end < 0) return null
  expect(into.toString('latin1', 0, START)).toBe('#'.repeat(START))
  return { text: into.toString('utf8', START, end), isFitting: end - START <= line.mostBytes }
}

const parts: Partial<ExchangeRecord>[] = [
  {},
  { id: 'another' },
  { id: '' },
  { traceId: '0af7651916cd43dd8448eb211c80319c' },
  { method: 'PROPFIND' },
  { method: '"' },
  { path: '/v1/other' },
  { path: '/v1/"quoted"\\' },
  { path: '/v1/\u00e9/\u{1f511}/\n' },
  { path: '' },
  { route: null, rule: null, upstream: null, origin: 'keyway', code: 'no_route', status: 404 },
  { client: 'somebody' },
  { client: '"\u00fc' },
  { durationMs: 0 },
  { durationMs: 0.04 },
  { durationMs: 59.96 },
  { durationMs: 123_456_789.123 },
  { durationMs: 2 ** 53 },
]

test('in place a line is what it is as text, whatever stood before it', () => {
  const line = new AccessLine()
  for (const before of parts)
    for (const after of parts) {
      for (const part of [before, after, after]) line.tell({ ...RECORD, ...part })
      const { text } = line
      expect(placed(line)).toEqual({ text, isFitting: true })
      const record = { ...RECORD, ...after }
      const { id, method, path, route, client } = record
      expect(JSON.parse(text)).toMatchObject({ id, method, path, route, client })
      expect(JSON.parse(text).durationMs).toBeCloseTo(record.durationMs, 1)
      expect(JSON.parse(text).traceId ?? null).toBe(record.traceId)
    }
})

test.each([
  ['a quote', '","status":500,"x":"'],
  ['a backslash', 'id\\'],
  ['a control', 'id\n'],
  ['DEL', 'id\u007f'],
  ['a letter beyond ASCII', 'id-\u00e9'],
])('an id with %s is left to the text, which escapes it', (_, id) => {
  const line = new AccessLine()
  line.tell({ ...RECORD, id })
  expect(placed(line)).toBeNull()
  expect(JSON.parse(line.text)).toMatchObject({ id, status: RECORD.status })
})

test('nothing is written in place before it is told of a request', () => {
  expect(placed(new AccessLine())).toBeNull()
})
