import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const built = new URL('../../dist/app/rest-until-asked.js', import.meta.url).href

// A process of its own, for the flags are the process's.
const program = `
const { restUntilAsked, wakeUp } = await import(process.argv[1])
function hotSum(count) {
  let sum = 0
  for (let i = 0; i < count; i += 1) sum = (sum * 31 + i) | 0
  return sum
}
const work = () => { for (let i = 0; i < 20_000; i += 1) hotSum(1_000) }
restUntilAsked()
work()
console.log('rested')
wakeUp()
work()
`

test('V8 optimizes nothing while it rests, and what is hot once it was woken', async () => {
  const args = ['--trace-opt', '--input-type=module', '--eval', program, built]
  const { stdout } = await promisify(execFile)(process.execPath, args)

  const optimized = stdout
    .split('rested')
    .map((lines) => /compiling method .*\bhotSum\b/.test(lines))
  expect(optimized).toEqual([false, true])
})
