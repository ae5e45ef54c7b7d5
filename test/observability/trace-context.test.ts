import { expect, test } from 'vitest'
import {
  createTraceContext,
  formatTraceparent,
  isTracestate,
  parseTraceparent,
} from '../../src/observability/trace-context.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

test.each([
  { name: 'recorded', value: `00-${TRACE}-${SPAN}-01`, flags: 1 },
  { name: 'not recorded', value: `00-${TRACE}-${SPAN}-00`, flags: 0 },
  { name: 'flags that nobody knows', value: `00-${TRACE}-${SPAN}-ff`, flags: 255 },
  { name: 'a later version', value: `01-${TRACE}-${SPAN}-01`, flags: 1 },
  { name: 'a later version with more behind it', value: `cc-${TRACE}-${SPAN}-01-what`, flags: 1 },
])('a traceparent: $name', ({ value, flags }) => {
  expect(parseTraceparent(value)).toEqual({ traceId: TRACE, spanId: SPAN, flags })
})

test.each([
  { name: 'nothing', value: '' },
  { name: 'words', value: 'sk-FAKE' },
  { name: 'no trace', value: `00-${'0'.repeat(32)}-${SPAN}-01` },
  { name: 'no span', value: `00-${TRACE}-${'0'.repeat(16)}-01` },
  { name: 'the version that is none', value: `ff-${TRACE}-${SPAN}-01` },
  { name: 'more behind the first version', value: `00-${TRACE}-${SPAN}-01-what` },
  { name: 'a dash behind it', value: `00-${TRACE}-${SPAN}-01-` },
  { name: 'more behind a later version without a dash', value: `01-${TRACE}-${SPAN}-01what` },
  { name: 'large letters', value: `00-${TRACE.toUpperCase()}-${SPAN}-01` },
  { name: 'a digit too few', value: `00-${TRACE.slice(1)}-${SPAN}-01` },
  { name: 'a space', value: ` 00-${TRACE}-${SPAN}-01` },
  { name: 'two of them', value: `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01` },
  { name: 'a line break', value: `00-${TRACE}-${SPAN}-01\n` },
])('no traceparent: $name', ({ value }) => {
  expect(parseTraceparent(value)).toBeNull()
})

test('one that is made can be read, and is another each time', () => {
  const made = [createTraceContext(), createTraceContext()]
  expect(made.map((context) => parseTraceparent(formatTraceparent(context)))).toEqual(made)
  expect(made[0]?.traceId).not.toBe(made[1]?.traceId)
})

test.each([
  { value: 'a=1', is: true },
  { value: 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE', is: true },
  { value: 'a=1, b=2,,', is: true },
  { value: 'tenant@system=a b', is: true },
  { value: '1a=1', is: false },
  { value: '1@system=1', is: true },
  { value: '', is: false },
  { value: ' , ', is: false },
  { value: 'a', is: false },
  { value: '=1', is: false },
  { value: 'A=1', is: false },
  { value: 'a=', is: false },
  { value: 'a=1=2', is: false },
  { value: 'a=1,a=2', is: false },
  { value: 'a=é', is: false },
  { value: `a=${'x'.repeat(256)}`, is: true },
  { value: `a=${'x'.repeat(257)}`, is: false },
  { value: `a=${'x'.repeat(252)},b=${'x'.repeat(255)}`, is: true },
  { value: `a=${'x'.repeat(253)},b=${'x'.repeat(255)}`, is: false },
  { value: 'a=1,B=2', is: false },
  { value: Array.from({ length: 32 }, (_, i) => `k${i}=1`).join(','), is: true },
  { value: Array.from({ length: 33 }, (_, i) => `k${i}=1`).join(','), is: false },
])('a tracestate: $value is $is', ({ value, is }) => {
  expect(isTracestate(value)).toBe(is)
})
