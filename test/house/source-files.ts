import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'rolldown/parseAst'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** A node of a syntax tree, as ESTree has it. */
export interface SyntaxNode {
  readonly type: string
  readonly [key: string]: unknown
}

/** A file and what stands in it. */
export interface SourceFile {
  /** From the project's root. */
  readonly path: string
  readonly text: string
  readonly tree: SyntaxNode
}

/** Reads the TypeScript and JavaScript files under folders, those that are generated left out. */
export function readSources(...folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.generated)\.(?:ts|tsx|mjs)$/.test(entry.name))
      .filter(({ parentPath }) => !parentPath.includes('node_modules'))
      .map(({ parentPath, name }) => readSource(join(parentPath, name))),
  )
}

function readSource(file: string): SourceFile {
  const text = readFileSync(file, 'utf8')
  const lang = file.endsWith('.tsx') ? 'tsx' : 'ts'
  const tree = parseAst(text, { lang }) as unknown as SyntaxNode
  return { path: relative(ROOT, file), text, tree }
}

/** The file that an import in another names; null: it names a package. */
export function resolveImport(from: string, specifier: string): string | null {
  return specifier.startsWith('.') ? join(dirname(from), specifier) : null
}

/** Every node of a tree, from the root down. */
export function nodesOf(node: SyntaxNode): readonly SyntaxNode[] {
  const nodes: SyntaxNode[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one)
    else if (isNode(value)) {
      nodes.push(value)
      for (const inner of Object.values(value)) visit(inner)
    }
  }
  visit(node)
  return nodes
}

/** Whether a value is a node. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value
}
