import { expect, test } from 'vitest'
import { isNode, nodesOf, readSources, type SourceFile, type SyntaxNode } from './source-files.ts'

/** The mock of a module of Node's that is called in place of the module; null: another call. */
function mockOf({ type, callee, arguments: given }: SyntaxNode): SyntaxNode | null {
  if (type !== 'CallExpression' || !isNode(callee) || !Array.isArray(given)) return null
  const { object, property } = callee
  if (!isNode(object) || !isNode(property)) return null
  if (object.name !== 'vi' || property.name !== 'mock') return null
  const [name, make] = given
  return String(name.value).startsWith('node:') ? make : null
}

function partialIn({ path, tree }: SourceFile): readonly string[] {
  const mocks = nodesOf(tree).flatMap((node) => mockOf(node) ?? [])
  return mocks.filter(({ params }) => (params as unknown[]).length === 0).map(() => path)
}

test("a mock of Node's keeps what it does not change: code calls the rest where time is short", () => {
  expect(readSources('test').flatMap(partialIn)).toEqual([])
})
