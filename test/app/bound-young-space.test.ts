import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const built = new URL('../../dist/app/bound-young-space.js', import.meta.url).href

// A process of its own, for the flag is the process's; it looks when it is told to, so that little survives in between.
const program = `
import { getHeapSpaceStatistics } from 'node:v8'
import { Worker } from 'node:worker_threads'
let look
globalThis.setInterval = (given) => ((look = given), { unref() {} })
const { boundYoungSpace } = await import(process.argv[1])
const mebibytes = () => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 2 ** 20
const survive = (count) => Array.from({ length: count }, (_, i) => ({ i, list: [i] })).length
boundYoungSpace()
survive(500_000)
console.log('before the first look', mebibytes())
// Older Nodes forget the flag at the next thread.
await new Promise((done) => new Worker('', { eval: true }).once('exit', done))
look()
while (mebibytes() < 8) {
  survive(10_000)
  look()
}
console.log('looked at', mebibytes())
survive(500_000)
console.log('at its bound', mebibytes())
`

test('the young space grows to its bound, and no further', async () => {
  const args = ['--input-type=module', '--eval', program, built]
  const { stdout } = await promisify(execFile)(process.execPath, args)

  expect(stdout).toBe('before the first look 2\nlooked at 8\nat its bound 8\n')
})

const resting = `
import { getHeapSpaceStatistics } from 'node:v8'
let look
globalThis.setInterval = (given) => ((look = given), { unref() {} })
const { boundYoungSpace } = await import(process.argv[1])
const { restUntilAsked, wakeUp } = await import(new URL('rest-until-asked.js', process.argv[1]))
const mebibytes = () => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 2 ** 20
const survive = (count) => Array.from({ length: count }, (_, i) => ({ i, list: [i] })).length
restUntilAsked()
boundYoungSpace()
look()
survive(500_000)
console.log('before somebody connects', mebibytes())
wakeUp()
look()
survive(500_000)
console.log('after', mebibytes() > 2 ? 'more' : 'as much')
`

test('the young space stays as it begins until somebody connects', async () => {
  const args = ['--input-type=module', '--eval', resting, built]
  const { stdout } = await promisify(execFile)(process.execPath, args)

  expect(stdout).toBe('before somebody connects 2\nafter more\n')
})
