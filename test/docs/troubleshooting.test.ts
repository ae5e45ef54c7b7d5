import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ANSWER_STATUS } from '../../src/answers/answers.ts'

const page = readFileSync(new URL('../../docs/troubleshooting.md', import.meta.url), 'utf8')

test('docs/troubleshooting.md says of every answer of Keyway what to do, and of no other', () => {
  const named = [...page.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, codes = '']) =>
    [...codes.matchAll(/`(\w+)`/g)].map(([, code]) => code),
  )
  expect(named.toSorted()).toEqual([...ANSWER_STATUS.keys()].toSorted())
})
