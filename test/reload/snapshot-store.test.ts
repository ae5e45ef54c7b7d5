import { expect, test } from 'vitest'
import { createSnapshotStore } from '../../src/reload/snapshot-store.ts'
import type { Snapshot } from '../../src/routing/snapshot.ts'
import { sampleConfig, sampleParts } from './sample-config.ts'

const snapshot = (generation: number): Snapshot => ({
  generation,
  hash: `${generation}`,
  text: '',
  config: sampleConfig(),
  ...sampleParts,
})

test('a swap is live before its listeners hear of it', () => {
  const store = createSnapshotStore(snapshot(1))
  const heard: number[][] = []
  const stop = store.onSwap((next, previous) => {
    heard.push([store.current.generation, next.generation, previous.generation])
  })
  store.swap(snapshot(2))
  stop()
  store.swap(snapshot(3))
  expect(heard).toEqual([[2, 2, 1]])
  expect(store.current.generation).toBe(3)
})

test('a listener that throws keeps neither the swap nor another listener back', () => {
  const store = createSnapshotStore(snapshot(1))
  const heard: number[] = []
  store.onSwap(() => {
    throw new Error('broken')
  })
  store.onSwap((next) => heard.push(next.generation))
  expect(() => store.swap(snapshot(2))).toThrow(AggregateError)
  expect(heard).toEqual([2])
  expect(store.current.generation).toBe(2)
})
