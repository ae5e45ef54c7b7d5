import { readFileSync } from 'node:fs'

const PAGE = readFileSync(new URL('../../docs/compare.md', import.meta.url), 'utf8')

/** Reads a code block of docs/compare.md: the first in that language under that heading. */
export function readFragment(heading: string, language: string): string {
  const section = PAGE.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  const block = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(section)?.[1]
  if (block === undefined) throw new Error(`no ${language} under "${heading}"`)
  return block
}

/** Replaces what stands in the fragment once or more, and fails where it does not. */
export function replaceIn(text: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`the fragment has no "${from}"`)
    return changed.replaceAll(from, to)
  }, text)
}
