import { expect, test } from 'vitest'
import { codeOf, describeFailure } from '../../../src/proxy/exchange/delivery/failures.ts'

const errorOf = (code: unknown): Error => Object.assign(new TypeError('10.0.0.1:443'), { code })

test.each([
  {
    code: 'UPSTREAM_CONNECT_TIMEOUT',
    stage: 'connecting',
    status: 504,
    answer: 'upstream_connect_timeout',
  },
  { code: 'ETIMEDOUT', stage: 'connecting', status: 504, answer: 'upstream_connect_timeout' },
  {
    code: 'UPSTREAM_HEADERS_TIMEOUT',
    stage: 'exchanging',
    status: 504,
    answer: 'upstream_timeout',
  },
  { code: 'UPSTREAM_IDLE_TIMEOUT', stage: 'exchanging', status: 504, answer: 'upstream_timeout' },
  { code: 'UNSENDABLE', stage: 'exchanging', status: 400, answer: 'unsendable' },
  { code: 'ECONNRESET', stage: 'exchanging', status: 502, answer: 'upstream_failed' },
  { code: 'CERT_HAS_EXPIRED', stage: 'exchanging', status: 502, answer: 'upstream_failed' },
  { code: 'ECONNREFUSED', stage: 'connecting', status: 502, answer: 'upstream_unreachable' },
  { code: 'ENOTFOUND', stage: 'connecting', status: 502, answer: 'upstream_unreachable' },
  { code: 'CERT_HAS_EXPIRED', stage: 'connecting', status: 502, answer: 'upstream_untrusted' },
  {
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    stage: 'connecting',
    status: 502,
    answer: 'upstream_untrusted',
  },
  {
    code: 'SELF_SIGNED_CERT_IN_CHAIN',
    stage: 'connecting',
    status: 502,
    answer: 'upstream_untrusted',
  },
  {
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    stage: 'connecting',
    status: 502,
    answer: 'upstream_untrusted',
  },
  {
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    stage: 'connecting',
    status: 502,
    answer: 'upstream_untrusted',
  },
] as const)('$code while $stage is $status $answer, without an address', (row) => {
  const answer = describeFailure(errorOf(row.code), row.stage)
  expect(answer).toMatchObject({ status: row.status, code: row.answer })
  expect(answer.message).not.toContain('10.0.0.1')
})

test.each([
  { code: 'ECONNRESET', told: 'ECONNRESET' },
  { code: 7, told: 'TypeError' },
  { code: undefined, told: 'TypeError' },
])('the code of an error with $code is $told', ({ code, told }) => {
  expect(codeOf(errorOf(code))).toBe(told)
})
