import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const built = new URL('../../dist/app/keep-young-space-small.js', import.meta.url).href

// A process of its own: the flag is the process's, and other tests start threads, at which older Nodes forget it.
const program = `
import { getHeapSpaceStatistics } from 'node:v8'
const { keepYoungSpaceSmall } = await import(process.argv[1])
const bytes = () => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size
const growth = () => {
  const before = bytes()
  const kept = Array.from({ length: 500_000 }, (_, i) => ({ i, list: [i] }))
  return kept.length > 0 && bytes() > 2 * before ? 'grows' : 'stays'
}
keepYoungSpaceSmall()
console.log(growth())
`

test('the young space stays as it is where much survives', async () => {
  const args = ['--input-type=module', '--eval', program, built]
  const { stdout } = await promisify(execFile)(process.execPath, args)

  expect(stdout.trim()).toBe('stays')
})
