import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ANSWER_STATUS } from '../../src/answers/answers.ts'

const page = readFileSync(new URL('../../docs/wire.md', import.meta.url), 'utf8')

test('docs/wire.md names every answer of Keyway, with its status, and no other', () => {
  const rows = [...page.matchAll(/^\| (\d{3}) \| `(\w+)` \| .+ \| .+ \|$/gm)]
  const documented = rows.map(([, status, code]) => `${code} ${status}`)
  const made = [...ANSWER_STATUS].map(([code, status]) => `${code} ${status}`)
  expect(documented.toSorted()).toEqual(made.toSorted())
})
