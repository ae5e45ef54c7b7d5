import { readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { findSpan } from '../config/diagnostics/find-span.ts'
import { unreadableFile } from '../config/diagnostics/unreadable-file.ts'
import { configLimitBytes, loadConfig } from '../config/load.ts'
import type { Catalogue } from '../config/shapes/catalogue.ts'
import type { Test } from '../config/shapes/config.generated.ts'
import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import { parseDocument } from '../config/text/parse-document.ts'
import { createLocator } from '../config/text/position.ts'
import { readStart } from '../files/read-file.ts'

/** A test with the place it is written at. */
export interface PlacedTest {
  readonly test: Test
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Files beside a configuration whose tests belong to it: NAME.test.yaml and NAME.*.test.yaml. */
export function findTestFiles(file: string, cwd: string): string[] {
  const name = basename(file).replace(/\.ya?ml$/, '')
  const folder = dirname(file)
  return readdirSync(resolve(cwd, folder))
    .filter((other) => other.startsWith(`${name}.`) && /\.test\.ya?ml$/.test(other))
    .sort()
    .map((other) => join(folder, other))
}

/** Puts a file's tests beside the lines they are written on. */
export function placeTests(file: string, text: string, tests: readonly Test[]): PlacedTest[] {
  const { document } = parseDocument(text, Number.POSITIVE_INFINITY)
  if (document === null) return []
  const locate = createLocator(file, document.text)
  return tests.map((test, index) => {
    const { line, column } = locate(findSpan(document, ['tests', index], 'value'))
    return { test, file, line, column }
  })
}

/** Reads the tests of a *.test.yaml: a configuration of its own form that holds `version` and `tests`. */
export function readTestFile(
  file: string,
  cwd: string,
  sources: {
    readonly catalogue: Catalogue
    readonly env: Readonly<Record<string, string | undefined>>
  },
): { readonly tests: readonly PlacedTest[]; readonly diagnostics: readonly Diagnostic[] } {
  let text: string
  try {
    text = readStart(resolve(cwd, file), configLimitBytes(sources.env)).toString()
  } catch (error) {
    return { tests: [], diagnostics: [unreadableFile(file, error)] }
  }
  const { config, diagnostics } = loadConfig({ file, text }, { ...sources, isPart: true })
  return { tests: config ? placeTests(file, text, config.tests) : [], diagnostics }
}
