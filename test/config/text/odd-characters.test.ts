import { expect, test } from 'vitest'
import { cleanText } from '../../../src/config/text/odd-characters.ts'

const LOST = '\uFFFD'

test.each([
  ['a comment of a whole line', `# gr${LOST}${LOST}e\nversion: 1\n`],
  ['a comment in front of which there is space', `routes:\n  # ${LOST}\n`],
  ['a comment behind a value', `version: 1 # gr${LOST}\n`],
])('letters that are lost of %s are nobody’s loss', (_, text) => {
  expect(cleanText(text)).toEqual({ text, findings: [] })
})

test.each([
  ['a value', `a: gr${LOST}`, 5],
  ['a key', `gr${LOST}: 1`, 2],
  ['a value behind comments', `# ${LOST}\na: ${LOST}`, 7],
  ['a value in quotes with what looks like a comment', `a: "x # ${LOST}"`, 8],
  ['a word with what looks like a comment', `a: x#${LOST}`, 5],
])('letters that are lost of %s are found', (_, text, start) => {
  const { text: clean, findings } = cleanText(text)
  expect(clean).toBeNull()
  expect(findings).toMatchObject([{ code: 'not-utf8', severity: 'error', span: { start } }])
})
