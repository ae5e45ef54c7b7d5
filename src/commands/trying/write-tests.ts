import { Document, isMap, type Node, visit } from 'yaml'
import type { Test } from '../../config/shapes/config.generated.ts'

/** Writes a file of tests: a request and what becomes of it have a line each, as people write them. */
export function writeTests(tests: readonly Test[]): string {
  const document = new Document({ version: 1, tests })
  layOut(document)
  return document.toString(STYLE)
}

/** How documents of tests are printed: no line is folded. */
export const STYLE = { lineWidth: 0 } as const

/** Puts a request, and what becomes of it, on a line each. */
export function layOut(tests: Document | Node): void {
  visit(tests, {
    Pair: (_, { key, value }) => {
      const name = String(key)
      if (isMap(value) && (name === 'request' || name === 'expect')) value.flow = true
    },
  })
}
