import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Writes a generated file; with --check it only compares, and fails where they differ. `path` is the
 * file's, from the project's root; `source` names what it is made from.
 */
export function writeGenerated(path, text, source) {
  const file = new URL(`../${path}`, import.meta.url)
  if (!process.argv.includes('--check')) return writeFileSync(file, text)
  if (readFileSync(file, 'utf8') === text) return
  console.error(`${path} differs from ${source}; run \`npm run schema:generate\``)
  process.exitCode = 1
}
