import { expect, test } from 'vitest'
import { isNode, nodesOf, readSources, type SourceFile, type SyntaxNode } from './source-files.ts'

/** The parameters of whatever can be called, or is the type of it. */
function parametersOf(node: SyntaxNode): readonly SyntaxNode[] {
  const { params } = node
  return Array.isArray(params) ? params.filter(isNode) : []
}

function isFlag(parameter: SyntaxNode): boolean {
  if (parameter.type === 'AssignmentPattern') {
    const { left, right } = parameter as unknown as Record<'left' | 'right', SyntaxNode>
    return isFlag(left) || typeof right.value === 'boolean'
  }
  if (parameter.type === 'TSParameterProperty') return isFlag(parameter.parameter as SyntaxNode)
  const annotation = parameter.typeAnnotation as SyntaxNode | null | undefined
  const type = annotation?.typeAnnotation
  return isNode(type) && isBoolean(type)
}

function isBoolean({ type, types }: SyntaxNode): boolean {
  if (type === 'TSUnionType') return (types as SyntaxNode[]).some(isBoolean)
  return type === 'TSBooleanKeyword'
}

/** Calls with `true` or `false` beside something else tell nobody what is meant. */
function flagsIn({ path, text, tree }: SourceFile): readonly string[] {
  return nodesOf(tree).flatMap((node) => {
    const parameters = parametersOf(node)
    if (parameters.length < 2) return []
    return parameters.filter(isFlag).map((parameter) => {
      const { start, end } = parameter as unknown as Record<'start' | 'end', number>
      const line = text.slice(0, start).split('\n').length
      return `${path}:${line} ${text.slice(start, end)}`
    })
  })
}

test('no boolean stands beside another parameter: it is a word, an option with a name, or a function of its own', () => {
  expect(readSources('src', 'page').flatMap(flagsIn)).toEqual([])
})
