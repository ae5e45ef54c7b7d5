import { expect, test } from 'vitest'
import { inTurn } from '../../src/reload/in-turn.ts'

test('one call at a time, and calls that wait share a turn', async () => {
  const events: string[] = []
  const release: (() => void)[] = []
  const run = inTurn(async (key: string) => {
    events.push(`begin ${key}`)
    await new Promise<void>((resolve) => release.push(resolve))
    events.push(`end ${key}`)
    return key
  })
  const first = run('a')
  await Promise.resolve()
  const calls = [first, run('a'), run('a'), run('b')]
  await Promise.resolve()
  while (release.length > 0) {
    release.shift()?.()
    await new Promise(setImmediate)
  }
  expect(await Promise.all(calls)).toEqual(['a', 'a', 'a', 'b'])
  expect(events).toEqual(['begin a', 'end a', 'begin a', 'end a', 'begin b', 'end b'])
})

test('a call that fails fails alone', async () => {
  const run = inTurn((key: string) =>
    key === 'bad' ? Promise.reject(new Error('bad')) : Promise.resolve(key),
  )
  const [bad, good] = [run('bad'), run('good')]
  await expect(bad).rejects.toThrow('bad')
  expect(await good).toBe('good')
})
