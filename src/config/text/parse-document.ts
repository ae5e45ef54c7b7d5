import type { Finding } from '../diagnostics/finding.ts'
import { readPlain } from './plain/plain-reader.ts'
import type { Reading } from './reading.ts'
import { readYaml } from './yaml-reader.ts'

/** Bytes that a configuration file may have. */
export const DEFAULT_LIMIT_BYTES: number = 1024 * 1024

/** Parses YAML 1.2 (core schema, no merge keys, one document) into values and their places. */
export function parseDocument(text: string, limitBytes: number): Reading {
  const bytes = Buffer.byteLength(text)
  if (bytes > limitBytes) return { document: null, findings: [tooLarge(bytes, limitBytes)] }
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text
  const plain = readPlain(bare)
  return plain ? { document: plain, findings: [] } : readYaml(bare)
}

function tooLarge(bytes: number, limitBytes: number): Finding {
  return {
    code: 'file-too-large',
    severity: 'error',
    path: [],
    span: { start: 0, end: 1 },
    message: `the file has ${bytes} bytes, over the limit of ${limitBytes}`,
    hint: 'the environment variable KEYWAY_CONFIG_LIMIT sets another, such as 16MiB',
  }
}
