import { readVersion } from '../../app/read-version.ts'

/** One result of a tool. */
export interface SarifResult {
  /** Stable, in letters and dashes. */
  readonly rule: string
  readonly level: 'error' | 'warning' | 'note'
  readonly message: string
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in code points. */
  readonly column?: number
  readonly endColumn?: number
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'

/** Writes a log of SARIF 2.1.0, for code scanning. */
export function formatSarif(tool: string, results: readonly SarifResult[]): string {
  const rules = [...new Set(results.map(({ rule }) => rule))]
  const run = {
    tool: {
      driver: { name: tool, version: readVersion(), rules: rules.map((id) => ({ id })) },
    },
    columnKind: 'unicodeCodePoints',
    results: results.map((result) => ({
      ruleId: result.rule,
      ruleIndex: rules.indexOf(result.rule),
      level: result.level,
      message: { text: escapeBraces(result.message) },
      locations: [{ physicalLocation: locate(result) }],
    })),
  }
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`
}

/** In a message of SARIF, a number in braces stands for an argument (§3.11.5). */
function escapeBraces(text: string): string {
  return text.replaceAll(/[{}]/g, '$&$&')
}

function locate({ file, line, column, endColumn }: SarifResult): unknown {
  const region = { startLine: line, startColumn: column, endColumn }
  return { artifactLocation: { uri: uriOf(file) }, region }
}

/** A relative name stays relative: to the root of the repository, as scanners take it. */
function uriOf(file: string): string {
  const encoded = file.split('/').map(encodeURIComponent).join('/')
  return file.startsWith('/') ? `file://${encoded}` : encoded
}
