import { parseDocument as parseYaml, type YAMLError, type Document as YamlDocument } from 'yaml'
import type { Finding } from '../diagnostics/finding.ts'
import { type Block, blankOut, blockAround } from './blocks.ts'
import { toSyntaxFinding } from './yaml-errors.ts'
import { YAML_OPTIONS } from './yaml-options.ts'

/** What could be read of a text, and the blocks that could not. */
export interface Recovery {
  readonly yaml: YamlDocument.Parsed
  readonly findings: readonly Finding[]
  readonly damage: readonly Block[]
}

/** Broken blocks that are read around; one more ends the reading. */
const MOST_BLOCKS = 10

/** A longer text is not parsed again and again. */
const MOST_CHARACTERS = 256 * 1024

/**
 * Parses YAML around what is broken: of each entry that can't be read, the first fault is told, as the
 * others follow from it, and the rest of the file is read as if the entry were empty.
 */
export function parseAround(text: string): Recovery {
  const rounds = text.length > MOST_CHARACTERS ? 1 : MOST_BLOCKS
  const findings: Finding[] = []
  const damage: Block[] = []
  let readable = text
  for (;;) {
    const yaml = parse(readable)
    const errors = [...yaml.errors, ...yaml.warnings]
    const broken = errors.filter(({ code }) => !LOCAL.has(code))
    if (broken.length === 0 || damage.length === rounds) {
      const local = errors.filter(({ code }) => LOCAL.has(code))
      return {
        yaml,
        findings: [...findings, ...local.map((error) => toSyntaxFinding(text, error))],
        damage,
      }
    }
    const finding = firstCause(readable, broken)
    const block = blockAround(readable, finding.span?.start ?? 0)
    if (!isSameAsBefore(finding, block, findings)) findings.push(finding)
    damage.push(block)
    readable = blankOut(readable, block)
  }
}

/** Where the first line stands too far right, all sections after it do not fit: one mistake. */
function isSameAsBefore(
  { message }: Finding,
  { path }: Block,
  findings: readonly Finding[],
): boolean {
  return path?.length === 1 && findings.some((before) => before.message === message)
}

function parse(text: string): YamlDocument.Parsed {
  return parseYaml(text, YAML_OPTIONS)
}

/** Faults that leave the text around them as it was meant. */
const LOCAL: ReadonlySet<YAMLError['code']> = new Set([
  'BAD_DQ_ESCAPE',
  'MULTIPLE_DOCS',
  'TAG_RESOLVE_FAILED',
])

/** The fault that the others follow from: a tab or a quote of the wrong kind, else the first in the text. */
function firstCause(text: string, errors: readonly YAMLError[]): Finding {
  const found = errors
    .map((error) => ({ error, finding: toSyntaxFinding(text, error) }))
    .toSorted((a, b) => startOf(a) - startOf(b) || rankOf(a) - rankOf(b))
  const [first] = found as [Found, ...Found[]]
  const { end } = blockAround(text, startOf(first))
  const tab = found.find((one) => one.error.code === 'TAB_AS_INDENT' && startOf(one) < end)
  return (tab ?? first).finding
}

interface Found {
  readonly error: YAMLError
  readonly finding: Finding
}

function startOf({ error, finding }: Found): number {
  return Math.min(error.pos[0], finding.span?.start ?? error.pos[0])
}

/** A map in a place of its own says more than the same as a key of several lines. */
function rankOf({ error }: Found): number {
  return error.code === 'BLOCK_AS_IMPLICIT_KEY' ? 0 : 1
}
