import { expect, test } from 'vitest'
import {
  nodesOf,
  readSources,
  resolveImport,
  type SourceFile,
  type SyntaxNode,
} from './source-files.ts'

const named = (node: unknown): string => {
  const { name, value } = node as { readonly name?: string; readonly value?: string }
  return name ?? value ?? ''
}

/** The names that a file exports itself. */
function exportsOf({ tree }: SourceFile): readonly string[] {
  return (tree.body as SyntaxNode[]).flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration') return []
    const declaration = node.declaration as SyntaxNode | null
    if (declaration === null)
      return (node.specifiers as SyntaxNode[]).map(({ exported }) => named(exported))
    const declarators = declaration.declarations as SyntaxNode[] | undefined
    return declarators?.map(({ id }) => named(id)) ?? [named(declaration.id)]
  })
}

/** What a file takes from others, as `file#name`. */
function importsOf({ path, tree }: SourceFile): readonly string[] {
  return nodesOf(tree).flatMap((node) => {
    const source = (node.source as { readonly value?: unknown } | null | undefined)?.value
    if (typeof source !== 'string') return []
    const file = resolveImport(path, source)
    if (file === null) return []
    if (node.type === 'ImportExpression' || node.type === 'ExportAllDeclaration')
      return [`${file}#*`]
    const specifiers = (node.specifiers ?? []) as SyntaxNode[]
    return specifiers.map(({ type, imported, local }) =>
      type === 'ImportNamespaceSpecifier' ? `${file}#*` : `${file}#${named(imported ?? local)}`,
    )
  })
}

/** A type is told with the function that it stands in the signature of, so its own file may be all that names it. */
function isTypeInUse({ text }: SourceFile, name: string): boolean {
  const isType = new RegExp(`^export (?:interface|type) ${name}\\b`, 'm').test(text)
  return isType && [...text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length > 1
}

/** What others import by the package's name. */
const ENTRIES = ['src/index.ts', 'src/fastify.ts']

test('whatever is exported is taken by another file', () => {
  const ours = readSources('src', 'page')
  const all = [...ours, ...readSources('test', 'scripts', 'bench')]
  const taken = new Set(all.flatMap(importsOf))
  const dead = ours
    .filter(({ path }) => !ENTRIES.includes(path))
    .filter(({ path }) => !taken.has(`${path}#*`))
    .flatMap((file) => exportsOf(file).map((name) => ({ file, name, key: `${file.path}#${name}` })))
    .filter(({ key }) => !taken.has(key))
    .filter(({ file, name }) => !isTypeInUse(file, name))
    .map(({ key }) => key)
  expect(dead).toEqual([])
})
