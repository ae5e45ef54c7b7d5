import { expect, test } from 'vitest'
import { describeError } from '../../src/observability/describe-error.ts'
import { createLogger, type LogLevel } from '../../src/observability/logger.ts'

function logged(level: LogLevel, write: (log: ReturnType<typeof createLogger>) => void): unknown[] {
  const lines: string[] = []
  write(createLogger({ level, destination: { write: (line) => void lines.push(line) } }))
  return lines.map((line) => JSON.parse(line))
}

test('a line is JSON: level by name, ISO time, fields, message', () => {
  const lines = logged('info', (log) => {
    log.info({ route: 'echo' }, 'request done')
    log.debug({}, 'not said')
  })
  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      pid: process.pid,
      route: 'echo',
      msg: 'request done',
    },
  ])
})

test('an error under `err` or `error` loses its message', () => {
  const error = Object.assign(new TypeError('bad sk-ant-api03-FAKE'), { code: 'ERR_INVALID_CHAR' })
  const lines = logged('info', (log) => log.error({ err: error, error }, 'failed'))
  expect(JSON.stringify(lines)).not.toContain('FAKE')
  expect(lines[0]).toMatchObject({ err: { type: 'TypeError', code: 'ERR_INVALID_CHAR' } })
})

test('an error that is described already stays as it is', () => {
  const error = describeError(new RangeError('x'))
  expect(logged('info', (log) => log.error({ error }, 'failed'))).toMatchObject([
    { error: { type: 'RangeError', frames: error.frames } },
  ])
})

const frame = /^.*logger\.test\.ts:\d+:\d+\)?$/

test.each([
  {
    name: 'a message of several lines that look like frames',
    message: 'a\n    at sk-ant-api03-FAKE:1:1',
  },
  { name: 'an empty message', message: '' },
])('frames only: $name', ({ message }) => {
  const { frames, code, type } = describeError(new Error(message))
  expect({ code, type }).toEqual({ code: null, type: 'Error' })
  expect(frames[0]).toMatch(frame)
  expect(frames.join('\n')).not.toContain('FAKE')
})

test.each([
  { name: 'a thrown text', thrown: 'sk-ant-api03-FAKE', type: 'string' },
  { name: 'a thrown object', thrown: { key: 'sk-ant-api03-FAKE' }, type: 'object' },
])('nothing but the type: $name', ({ thrown, type }) => {
  expect(describeError(thrown)).toEqual({ type, code: null, frames: [] })
})

test('a code that is no code is left out', () => {
  const error = Object.assign(new Error('x'), { code: 'sk-ant-api03-FAKE' })
  expect(describeError(error).code).toBeNull()
})
