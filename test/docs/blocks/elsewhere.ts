import type { Block } from './read-blocks.ts'

/** Pages whose blocks another suite runs, and a file of it that names the page. */
const SUITES: Readonly<Record<string, string>> = {
  'docs/diagnostics.md': 'test/config/diagnostics-page.test.ts',
  'docs/clients.md': 'test/clients/sdks/docs.client.ts',
  'docs/embedding.md': 'test/docs/embedding.test.ts',
  'docs/compare.md': 'test/compare/fragments.ts',
}

/** The file of the suite that runs a block; null: this one does. */
export function suiteOf({ page, options }: Block): string | null {
  return options.get('run-by') ?? SUITES[page] ?? null
}

/** Whether a block is one that nothing runs, and says why. */
export function isLeftOut({ options }: Block): boolean {
  return options.has('not-run')
}
