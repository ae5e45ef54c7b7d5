import {
  Composer,
  type CST,
  isSeq,
  Lexer,
  Parser,
  type YAMLSeq,
  type Document as YamlDocument,
} from 'yaml'
import { YAML_OPTIONS } from './yaml-options.ts'

/** Takes the next items of a list, of which the rest follows; `at` is the list's offset. False: they are not flawless. */
export type TakeItems = (items: YAMLSeq, at: number) => boolean

/** Items that are composed together. */
const TOGETHER = 64

/** Items that the parser may still look at. */
const STILL_OPEN = 2

/**
 * Parses a long text by the same lexer, parser and composer as a whole one, and hands the items of its
 * lists on as they come, so that the tree of a file with thousands of routes never stands there in
 * whole. Gives the document without them; null where a fault is found, or what only the whole tells.
 */
export function parseInPieces(text: string, take: TakeItems): YamlDocument.Parsed | null {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  for (const lexeme of new Lexer().lex(text)) {
    if (WHOLE.includes(lexeme[0] as string)) return null
    for (const token of parser.next(lexeme)) tokens.push(token)
    const list = parser.stack[2]
    if (list?.type !== 'block-seq' || list.items.length < TOGETHER + STILL_OPEN) continue
    const items = composeItems(list)
    if (items === null || !take(items, list.offset)) return null
  }
  tokens.push(...parser.end())
  return compose(tokens, text.length)
}

/** Directives, anchors and aliases: what they mean depends on what stands before. */
const WHOLE = '&*%'

/** Takes the items out of a list that the parser is done with. */
function composeItems(list: CST.BlockSequence): YAMLSeq | null {
  const items = list.items.splice(0, list.items.length - STILL_OPEN)
  const { offset } = list
  const document = compose([{ type: 'document', offset, start: [], value: { ...list, items } }], 0)
  return document !== null && isSeq(document.contents) ? document.contents : null
}

function compose(tokens: readonly CST.Token[], end: number): YamlDocument.Parsed | null {
  const [document, ...more] = new Composer(YAML_OPTIONS).compose(tokens, true, end)
  if (document === undefined || more.length > 0) return null
  return document.errors.length + document.warnings.length > 0 ? null : document
}
