// Generates src/credentials/shipped-catalogue.generated.ts from config/credentials.yaml, so that a start
// parses no YAML but the user's; with --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'

const source = new URL('../config/credentials.yaml', import.meta.url)
const target = new URL('../src/credentials/shipped-catalogue.generated.ts', import.meta.url)

const file = parse(readFileSync(source, 'utf8'), { schema: 'core', maxAliasCount: 0 })
const code = `// Generated from config/credentials.yaml by \`npm run schema:generate\`. Do not edit.

/** The content of config/credentials.yaml. */
export const shippedCatalogue: unknown = ${JSON.stringify(file, null, 2)}
`

if (!process.argv.includes('--check')) writeFileSync(target, code)
else if (readFileSync(target, 'utf8') !== code) {
  console.error(
    'src/credentials/shipped-catalogue.generated.ts differs from config/credentials.yaml; run `npm run schema:generate`',
  )
  process.exit(1)
}
