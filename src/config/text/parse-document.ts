import type { Finding } from '../diagnostics/finding.ts'
import { cleanText } from './odd-characters.ts'
import type { Reading } from './reading.ts'
import { readYaml } from './yaml-reader.ts'

/** Bytes that a configuration file may have. */
export const DEFAULT_LIMIT_BYTES: number = 1024 * 1024

/**
 * Parses YAML 1.2 (core schema, no merge keys, one document) into values and their places.
 *
 * There is one reader, the `yaml` package's. A second one for plain files read 10,000 routes in 0.1 s
 * in place of 1.3 s, but a reload of that size waits in a thread of its own, and two readers of a file
 * that guards keys are two truths.
 */
export function parseDocument(text: string, limitBytes: number): Reading {
  if (Buffer.byteLength(text) > limitBytes)
    return { document: null, findings: [tooLarge(limitBytes)], damage: [] }
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text
  const { text: clean, findings } = cleanText(bare)
  if (clean === null) return { document: null, findings, damage: [] }
  const reading = readYaml(clean)
  return { ...reading, findings: [...findings, ...reading.findings] }
}

function tooLarge(limitBytes: number): Finding {
  return {
    code: 'file-too-large',
    severity: 'error',
    path: [],
    span: { start: 0, end: 1 },
    message: `the file has more than ${limitBytes} bytes`,
    hint: 'the environment variable KEYWAY_CONFIG_LIMIT sets another, such as 16MiB',
  }
}
