import { expect, test } from 'vitest'
import { expectsContinue, findFault } from '../../../src/proxy/client/message-fault.ts'

interface Given {
  readonly method?: string
  readonly major?: number
  readonly minor?: number
  readonly fields?: readonly string[]
}

/** A request's head as a reader gives it. */
function headOf({ method = 'GET', major = 1, minor = 1, fields = ['Host', 'a.test'] }: Given) {
  const named = fields.flatMap((name, at) =>
    at % 2 === 0 ? [[name.toLowerCase(), fields[at + 1]]] : [],
  )
  return {
    method,
    httpVersionMajor: major,
    httpVersionMinor: minor,
    headers: Object.fromEntries(named),
    rawHeaders: fields,
  } as never
}

const HOST = ['Host', 'a.test']
const CHUNKED = ['Transfer-Encoding', 'chunked']

test.each<{ name: string; given: Given }>([
  { name: 'one field', given: {} },
  { name: 'as many fields as are allowed', given: { fields: [...HOST, 'a', '1', 'b', '2'] } },
  { name: 'HTTP/1.0 without a Host', given: { minor: 0, fields: [] } },
  { name: 'chunks', given: { fields: [...HOST, ...CHUNKED] } },
  { name: 'chunks in other letters', given: { fields: [...HOST, 'Transfer-Encoding', 'CHUNKED'] } },
  { name: 'a wait for 100', given: { fields: [...HOST, 'Expect', '100-Continue'] } },
  { name: 'two of them', given: { fields: [...HOST, 'Expect', '100-continue , 100-Continue'] } },
  { name: 'an expectation of HTTP/1.0', given: { minor: 0, fields: [...HOST, 'Expect', 'x'] } },
  { name: 'a method of nobody', given: { method: 'brew' } },
  { name: 'a method in capitals', given: { method: 'DELETE' } },
  { name: 'an empty Host', given: { fields: ['Host', ''] } },
  { name: 'a Host with a port', given: { fields: ['hOST', '[::1]:8080'] } },
  { name: 'a Host with an empty one', given: { fields: ['Host', 'a.test:'] } },
  { name: 'a Host of signs', given: { fields: ['Host', "a_b-c.~!$&'()*+,;=%C3%a9"] } },
  { name: 'a Host of an address with its zone', given: { fields: ['Host', '[fe80::1%25eth0]:1'] } },
  { name: 'a Host of an address to come', given: { fields: ['Host', '[v7.a:b]'] } },
])('nothing is wrong with $name', ({ given }) => {
  expect(findFault(headOf(given), 3)).toBeNull()
})

test.each<{ name: string; given: Given; code: string; isFraming: boolean }>([
  { name: 'HTTP/2.0', given: { major: 2, minor: 0 }, code: 'http_version', isFraming: true },
  { name: 'HTTP/0.9', given: { major: 0, minor: 9 }, code: 'http_version', isFraming: true },
  { name: 'HTTP/1.2', given: { minor: 2 }, code: 'http_version', isFraming: true },
  {
    name: 'chunks in HTTP/1.0',
    given: { minor: 0, fields: CHUNKED },
    code: 'transfer_coding',
    isFraming: true,
  },
  {
    name: 'another coding',
    given: { fields: [...HOST, 'Transfer-Encoding', 'gzip, chunked'] },
    code: 'transfer_coding',
    isFraming: true,
  },
  {
    name: 'a known method in small letters',
    given: { method: 'delete' },
    code: 'bad_message',
    isFraming: false,
  },
  { name: 'one in both', given: { method: 'Get' }, code: 'bad_message', isFraming: false },
  {
    name: 'a field too many',
    given: { fields: [...HOST, 'a', '1', 'b', '2', 'c', '3'] },
    code: 'too_many_fields',
    isFraming: false,
  },
  {
    name: 'another expectation',
    given: { fields: [...HOST, 'Expect', '200-ok'] },
    code: 'expectation',
    isFraming: false,
  },
  {
    name: 'another expectation beside a wait',
    given: { fields: [...HOST, 'Expect', '100-continue, 200-ok'] },
    code: 'expectation',
    isFraming: false,
  },
  { name: 'no Host', given: { fields: [] }, code: 'host_missing', isFraming: false },
  {
    name: 'two Hosts',
    given: { fields: [...HOST, 'HOST', 'a.test'] },
    code: 'host_repeated',
    isFraming: false,
  },
  {
    name: 'two Hosts in HTTP/1.0',
    given: { minor: 0, fields: [...HOST, ...HOST] },
    code: 'host_repeated',
    isFraming: false,
  },
  {
    name: 'userinfo in the Host',
    given: { fields: ['Host', 'u@a.test'] },
    code: 'host_invalid',
    isFraming: false,
  },
  {
    name: 'a path in the Host',
    given: { fields: ['Host', 'a.test/x'] },
    code: 'host_invalid',
    isFraming: false,
  },
  {
    name: 'a blank in the Host',
    given: { fields: ['Host', 'a test'] },
    code: 'host_invalid',
    isFraming: false,
  },
  ...[
    { name: 'a port that is no number', host: 'a.test:b' },
    { name: 'two ports', host: 'a.test:1:2' },
    { name: 'an address without brackets', host: '::1' },
    { name: 'an address without its end', host: '[::1' },
    { name: 'brackets around a name', host: '[a.test]' },
    { name: 'something behind an address', host: '[::1]a' },
    { name: 'brackets within a name', host: 'a[::1]' },
    { name: 'a percent sign alone', host: 'a%' },
    { name: 'what percent encodes nothing', host: 'a%g0' },
  ].map(({ name, host }) => ({
    name: `${name} in the Host`,
    given: { fields: ['Host', host] },
    code: 'host_invalid',
    isFraming: false,
  })),
])('$name is refused by $code', ({ given, code, isFraming }) => {
  expect(findFault(headOf(given), 3)).toMatchObject({ code, isFraming })
})

test('what HTTP/1.0 does not know is said in words', () => {
  expect(findFault(headOf({ minor: 0, fields: CHUNKED }), 3)?.message).toBe(
    'HTTP/1.0 knows no transfer coding.',
  )
})

test.each([
  { given: { fields: [...HOST, 'Expect', '100-continue'] }, waits: true },
  { given: { minor: 0, fields: ['Expect', '100-continue'] }, waits: false },
  { given: {}, waits: false },
])('a client waits for a sign: $waits', ({ given, waits }) => {
  expect(expectsContinue(headOf(given))).toBe(waits)
})
