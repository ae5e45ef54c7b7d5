import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const built = new URL('../../dist/app/space-full-collections.js', import.meta.url).href

// A process of its own, for the flag is the process's; it becomes old slowly, as requests do, and looks when it is told to.
const program = `
import { PerformanceObserver, constants } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
const { spaceFullCollections } = await import(process.argv[1])
let full = 0
const observer = new PerformanceObserver((list) => {
  full += list.getEntries().filter(({ detail }) => detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR).length
})
observer.observe({ entryTypes: ['gc'] })
if (process.argv[2] === 'spaced') spaceFullCollections()
globalThis.gc()
await wait(20)
full = 0
const kept = []
for (let mebibyte = 0; mebibyte < 12; mebibyte += 1) {
  for (let i = 0; i < 64; i += 1) kept.push(new Array(2048).fill(i))
  globalThis.gc({ type: 'minor' })
  globalThis.gc({ type: 'minor' })
  await wait(20)
}
console.log(full === 0 ? 'none' : 'some')
process.exit()
`

async function fullCollections(mode: 'spaced' | 'left'): Promise<string> {
  const args = [
    '--expose-gc',
    '--max-semi-space-size=4',
    '--input-type=module',
    '--eval',
    program,
    built,
    mode,
  ]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return stdout
}

test('twelve MiB become old without a full collection, which V8 would do by itself', async () => {
  expect([await fullCollections('left'), await fullCollections('spaced')]).toEqual([
    'some\n',
    'none\n',
  ])
})
