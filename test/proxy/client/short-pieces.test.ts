import { expect, test } from 'vitest'
import type { RequestMessage } from '../../../src/http/message/message.ts'
import { ShortPieces } from '../../../src/proxy/client/short-pieces.ts'
import { stopClock } from '../../support/stopped-clock.ts'

/** A request that writes down what is done to its connection. */
function watched() {
  const done: string[] = []
  const state = { isPaused: false }
  const request = {
    socket: { pause: () => done.push('pause'), resume: () => done.push('resume') },
    isPaused: () => state.isPaused,
  }
  return { done, state, pieces: new ShortPieces(request as unknown as RequestMessage) }
}

function push(pieces: ShortPieces, count: number): void {
  for (let i = 0; i < count; i += 1) pieces.push()
}

test('many pieces in one turn have others served, for a while', async () => {
  const clock = stopClock()
  const { done, pieces } = watched()
  push(pieces, 255)
  expect(done).toEqual([])
  push(pieces, 2)
  expect(done).toEqual(['pause'])
  await clock.pass(20)
  expect(done).toEqual(['pause', 'resume'])
})

test('as many in several turns have not', () => {
  const { done, pieces } = watched()
  push(pieces, 200)
  pieces.endTurn()
  push(pieces, 200)
  expect(done).toEqual([])
})

test('a request that was paused meanwhile is not read for it', async () => {
  const clock = stopClock()
  const { done, state, pieces } = watched()
  push(pieces, 256)
  state.isPaused = true
  await clock.pass(20)
  expect(done).toEqual(['pause'])
})

test('the connection of a body that is over is whoever has it next', async () => {
  const clock = stopClock()
  const { done, pieces } = watched()
  push(pieces, 256)
  pieces.stop()
  expect(done).toEqual(['pause', 'resume'])
  await clock.pass(20)
  pieces.stop()
  expect(done).toEqual(['pause', 'resume'])
})
