import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'

const MOST_FILES = 20

/** Folders whose files are all of one kind, one a rule. */
const OF_ONE_KIND: readonly string[] = ['config/checks']

test('no folder of src/ is so full that nothing is found in it', () => {
  const source = new URL('../../src/', import.meta.url)
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath }) => `${parentPath}/`.slice(source.pathname.length).replace(/\/$/, ''))
  const full = [...new Set(files)].filter(
    (folder) =>
      !OF_ONE_KIND.includes(folder) && files.filter((one) => one === folder).length > MOST_FILES,
  )
  expect(full).toEqual([])
})
