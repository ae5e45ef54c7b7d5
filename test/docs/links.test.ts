import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { listPages } from './blocks/read-blocks.ts'

const root = new URL('../../', import.meta.url)
const pages = ['CHANGELOG.md', ...listPages()]

/** A page without its blocks of code. */
function read(page: URL): string {
  return readFileSync(page, 'utf8').replaceAll(/^```.*?^```$/gms, '')
}

function linksOf(page: URL): string[] {
  return [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] as string)
}

/** The anchors that a page's headings get. */
function anchorsOf(page: URL): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function leadsSomewhere(link: string, page: URL): boolean {
  const target = new URL(link, page)
  const anchor = target.hash.slice(1)
  target.hash = ''
  if (!existsSync(target)) return false
  return anchor === '' || anchorsOf(target).includes(anchor)
}

test.each(pages)('every link of %s leads somewhere', (name) => {
  const page = new URL(name, root)
  const relative = linksOf(page).filter((link) => !/^[a-z]+:/.test(link))
  expect(relative.filter((link) => !leadsSomewhere(link, page))).toEqual([])
})

test('docs/README.md leads to every page, and the README to it', () => {
  const index = new URL('docs/README.md', root)
  const linked = linksOf(index).map((link) => new URL(link, index).pathname)
  const inside = pages.filter((name) => /^docs\/(?!decisions\/|README)/.test(name))
  expect(inside.filter((name) => !linked.includes(new URL(name, root).pathname))).toEqual([])
  expect(linksOf(new URL('README.md', root))).toContain('docs/README.md')
})
