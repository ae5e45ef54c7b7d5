import { describe, expect, test } from 'vitest'
import { describeError } from '../../src/observability/describe-error.ts'

/** An error with a stack of its own. */
function errorOf(message: string, stack: string | undefined, code?: unknown): Error {
  const error = new RangeError(message)
  if (stack === undefined) delete error.stack
  else error.stack = stack
  return code === undefined ? error : Object.assign(error, { code })
}

const TRACE = 'RangeError: FAKE-SECRET\n    at one (a.ts:1:2)\n  at no frame\n    at two (b.ts:3:4)'

describe('what may stand in a log of what was thrown', () => {
  test('is its class, its code and its frames, without its message', () => {
    expect(describeError(errorOf('FAKE-SECRET', TRACE, 'ECONNRESET'))).toEqual({
      type: 'RangeError',
      code: 'ECONNRESET',
      frames: ['one (a.ts:1:2)', 'two (b.ts:3:4)'],
    })
  })

  test.each([
    ['E_1', 'E_1'],
    ['E', 'E'],
    ['econnreset', null],
    ['E FAKE-SECRET', null],
    ['E-1', null],
    ['1E', null],
    [7, null],
    [['E'], null],
  ])('the code %j is %j', (code, told) => {
    expect(describeError(errorOf('a', TRACE, code)).code).toBe(told)
  })

  test('no line of a message passes for a frame', () => {
    const message = 'x\n    at FAKE-SECRET'
    const stack = `RangeError: ${message}\n    at one (a.ts:1:2)`
    expect(describeError(errorOf(message, stack)).frames).toEqual(['one (a.ts:1:2)'])
    expect(describeError(errorOf(message, stack.replace('x', 'y'))).frames).toEqual([])
    expect(describeError(errorOf('a', undefined)).frames).toEqual([])
  })

  test.each([
    ['FAKE-SECRET', 'string'],
    [undefined, 'undefined'],
    [null, 'object'],
    [{ message: 'FAKE-SECRET', code: 'E' }, 'object'],
  ])('%j, which is no error, is its type', (thrown, type) => {
    expect(describeError(thrown)).toEqual({ type, code: null, frames: [] })
  })

  test('what was described stays as it is', () => {
    const described = describeError(new Error('a'))
    expect(describeError(described)).toBe(described)
  })
})
