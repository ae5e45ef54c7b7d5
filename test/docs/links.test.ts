import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
const documents = readdirSync(new URL('docs/', root)).filter((name) => name.endsWith('.md'))
const decisions = readdirSync(new URL('docs/decisions/', root))
const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...decisions.map((name) => `docs/decisions/${name}`),
  ...documents.map((name) => `docs/${name}`),
]

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

test('the README leads to every page', () => {
  const linked = linksOf(new URL('README.md', root))
  expect(documents.filter((name) => !linked.includes(`docs/${name}`))).toEqual([])
})
