import { expect, test } from 'vitest'
import { isNode, nodesOf, readSources, type SourceFile, type SyntaxNode } from './source-files.ts'

/** Calls whose answer can't be relied on under every Node that Keyway runs on, and what to call instead. */
const MISLEADING: Readonly<Record<string, string>> = {
  'URL.canParse': 'parseUrl: Node 20 and 22 say no to Latin-1 once the call is hot',
  'URL.parse': 'parseUrl: Node 20 has none',
}

function nameOf({ type, object, property }: SyntaxNode): string | null {
  if (type !== 'MemberExpression' || !isNode(object) || !isNode(property)) return null
  return `${object.name}.${property.name}`
}

function misleadingIn({ path, tree }: SourceFile): readonly string[] {
  return nodesOf(tree).flatMap((node) => {
    const instead = MISLEADING[nameOf(node) ?? '']
    return instead === undefined ? [] : [`${path} ${nameOf(node)}; use ${instead}`]
  })
}

/** Names that a file imports from Node's modules for files. */
function fileCallsOf({ tree }: SourceFile): readonly unknown[] {
  const imports = nodesOf(tree).filter(
    ({ type, source }) =>
      type === 'ImportDeclaration' && isNode(source) && `${source.value}`.startsWith('node:fs'),
  )
  return imports
    .flatMap(nodesOf)
    .map(({ type, imported }) => type === 'ImportSpecifier' && isNode(imported) && imported.name)
}

/** What Node 26 does in one go, without a request that shows. */
const HIDDEN: readonly unknown[] = ['readFile', 'writeFile']

test('no file is read or written by a call that would hold the process at its end unseen', () => {
  const callers = readSources('src').filter((file) =>
    fileCallsOf(file).some((name) => HIDDEN.includes(name)),
  )
  expect(callers.map(({ path }) => path)).toEqual([])
})

test('nothing is asked that answers otherwise from one Node, or one moment, to the next', () => {
  expect(readSources('src').flatMap(misleadingIn)).toEqual([])
})
