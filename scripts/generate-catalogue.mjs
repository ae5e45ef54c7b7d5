// Generates src/credentials/shipped-catalogue.generated.ts from config/credentials.yaml, so that a start
// parses no YAML but the user's; with --check it only compares.
import { readFileSync } from 'node:fs'
import { readCatalogue } from './read-catalogue.mjs'
import { writeGenerated } from './write-generated.mjs'

const source = new URL('../config/credentials.yaml', import.meta.url)

const file = readCatalogue(readFileSync(source, 'utf8'))
const code = `// Generated from config/credentials.yaml by \`npm run schema:generate\`. Do not edit.

/** The content of config/credentials.yaml. */
export const shippedCatalogue: unknown = ${JSON.stringify(file, null, 2)}
`

writeGenerated('src/credentials/shipped-catalogue.generated.ts', code, 'config/credentials.yaml')
