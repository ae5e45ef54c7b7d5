import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const built = new URL('../../dist/app/compile-once.js', import.meta.url).href

/** Runs a function until it is hot, and says by which compilers V8 compiles it. */
const program = `
const { compileOnce } = await import(process.argv[1])
compileOnce()
function hotOne(number) {
  return (number * 7 + 3) % 1_000_003
}
let sum = 0
for (let count = 0; count < 20_000_000; count++) sum = hotOne(sum + count)
process.stdout.write(String(sum > 0))
`

test('what is hot is compiled, and by one compiler', () => {
  const { NODE_OPTIONS: _, ...env } = process.env
  const flags = ['--maglev', '--trace-opt', '--input-type=module', '-e', program, built]
  const told = execFileSync(process.execPath, flags, { env, encoding: 'utf8' })
  const compiled = told.split('\n').filter((line) => line.includes('hotOne'))
  expect(compiled.some((line) => line.includes('TURBOFAN'))).toBe(true)
  expect(compiled.filter((line) => line.includes('MAGLEV'))).toEqual([])
})
