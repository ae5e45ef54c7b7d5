import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The project's root. */
export const ROOT: string = fileURLToPath(new URL('../../../', import.meta.url))

/** A fenced block of a page, and what the words behind its language say of it. */
export interface Block {
  /** From the project's root. */
  readonly page: string
  readonly line: number
  readonly language: string
  /** Words by themselves have an empty value. */
  readonly options: ReadonlyMap<string, string>
  readonly text: string
}

/** Every page that a user reads, from the project's root. */
export function listPages(): readonly string[] {
  const inside = ['docs', 'deploy'].flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' }).map(
      (name) => `${folder}/${name}`,
    ),
  )
  const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...inside]
  return pages.filter((name) => name.endsWith('.md')).toSorted()
}

/** The fenced blocks of a page, in order. */
export function readBlocks(page: string): readonly Block[] {
  const text = readFileSync(`${ROOT}${page}`, 'utf8')
  return [...text.matchAll(/^( *)```(.*)\n((?:.*\n)*?)\1```$/gm)].map((match) => {
    const [, indent = '', info = '', body = ''] = match
    const { language, options } = parseInfo(info)
    const line = text.slice(0, match.index).split('\n').length
    return {
      page,
      line,
      language,
      options,
      text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }
  })
}

/** `yaml file=routes.yaml of="words of any kind"`. */
function parseInfo(info: string): Pick<Block, 'language' | 'options'> {
  const words = [...info.matchAll(/([^\s=]+)(?:=(?:"([^"]*)"|(\S+)))?/g)]
  const [first, ...rest] = words.map(
    ([, name = '', quoted, bare]) => [name, quoted ?? bare ?? ''] as const,
  )
  return { language: first?.[0] ?? '', options: new Map(rest) }
}

/** A block's place, as messages name it. */
export function placeOf({ page, line }: Block): string {
  return `${page}:${line}`
}
