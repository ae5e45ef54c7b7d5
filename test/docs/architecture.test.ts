import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
const page = readFileSync(new URL('docs/architecture.md', root), 'utf8')

/** Folders of the tree that the page draws, as `config/checks`. */
function drawnFolders(): readonly string[] {
  const tree = page.slice(page.indexOf('```text\nsrc/') + 8, page.indexOf('```\n\n## Which folder'))
  const above: string[] = []
  return tree.split('\n').flatMap((line) => {
    const found = /^((?: {2})+)([a-z0-9-]+)\/ {2,}\S/.exec(line)
    if (found === null) return []
    const depth = (found[1] as string).length / 2 - 1
    above.splice(depth, above.length, found[2] as string)
    return [above.join('/')]
  })
}

test('docs/architecture.md draws every folder of src/, in one line each', () => {
  const entries = readdirSync(new URL('src/', root), { recursive: true, withFileTypes: true })
  const source = new URL('src/', root).pathname
  const folders = entries
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/`.slice(source.length).replace(/\/$/, ''))
  const withParents = folders.flatMap((folder) => {
    const parts = folder.split('/').filter((part) => part !== '')
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  })
  expect(drawnFolders().toSorted()).toEqual([...new Set(withParents)].toSorted())
})

test('every file that docs/architecture.md names is there', () => {
  const named = [...page.matchAll(/`(src\/[\w./-]+\.ts)`/g)].map(([, path]) => path as string)
  const missing = named.filter((path) => {
    try {
      readFileSync(new URL(path, root))
      return false
    } catch {
      return true
    }
  })
  expect(missing).toEqual([])
})
