import { expect, test } from 'vitest'
import type { Command, Question } from '../../../src/app/workers/messages.ts'
import { Questions } from '../../../src/app/workers/questions.ts'

const STAGE: Command = { name: 'stage', next: { text: 'two', generation: 2 } }
const COMMIT: Command = { name: 'commit', generation: 2 }

function open() {
  const sent: Question[] = []
  return { sent, questions: new Questions((question) => void sent.push(question)) }
}

test('what is asked of a worker that does not hear yet waits, and is sent in turn', async () => {
  const { sent, questions } = open()
  const staged = questions.ask(STAGE, 0)
  const committed = questions.ask(COMMIT, 0)
  expect(sent).toEqual([])
  questions.onReady()
  const first = { id: 0, command: STAGE }
  const second = { id: 1, command: COMMIT }
  expect(sent).toEqual([first, second])
  void questions.ask({ name: 'status' }, 0)
  expect(sent).toEqual([first, second, { id: 2, command: { name: 'status' } }])
  questions.settle({ id: 1, value: 'second', failure: null })
  questions.settle({ id: 0, value: 'first', failure: null })
  expect(await Promise.all([staged, committed])).toEqual(['first', 'second'])
})

test('a worker that fails at what it was asked rejects it with its words', async () => {
  const { questions } = open()
  const asked = questions.ask(STAGE, 0)
  questions.settle({ id: 0, value: null, failure: { code: 'unknown', message: 'no' } })
  await expect(asked).rejects.toMatchObject({ name: 'WorkerError', code: 'unknown', message: 'no' })
})

test('whoever waits for a worker that ends is told, and whoever asks after that at once', async () => {
  const { sent, questions } = open()
  const waiting = questions.ask(STAGE, 0)
  questions.end()
  const late = questions.ask(COMMIT, 0)
  for (const asked of [waiting, late])
    await expect(asked).rejects.toMatchObject({ code: 'worker_ended' })
  expect(sent).toEqual([])
})

test('a worker that does not answer in time is silent, and what it says later is nobody’s', async () => {
  const { questions } = open()
  await expect(questions.ask(STAGE, 1)).rejects.toMatchObject({ code: 'worker_silent' })
  questions.settle({ id: 0, value: 'late', failure: null })
})
