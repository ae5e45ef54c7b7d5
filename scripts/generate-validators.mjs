// Generates the validators of schemas/*.json, so that a start compiles no schema; with --check it only compares.
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import { OWN_KEYWORDS, withoutEditorKeywords } from './editor-keywords.mjs'
import { writeGenerated } from './write-generated.mjs'

const targets = [
  {
    schema: 'routes.schema.json',
    file: 'config/schema/validate-config.generated.ts',
    name: 'validateConfig',
    schemaConstant: 'configSchema',
    options: { verbose: true, strict: true, strictRequired: false },
  },
]

function generate({ schema: schemaName, name, schemaConstant, options }) {
  const text = readFileSync(new URL(`../schemas/${schemaName}`, import.meta.url), 'utf8')
  const schema = JSON.parse(text, withoutEditorKeywords)
  const ajv = new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    addUsedSchema: false,
    code: { source: true, esm: true },
    ...options,
  })
  ajv.addVocabulary(OWN_KEYWORDS)
  return toTypeScript(standalone(ajv, ajv.compile(schema)), { schemaName, name, schemaConstant })
}

// ajv writes require() for its helpers in ES modules, too; loaders differ in what the default of such a one is.
function toTypeScript(code, { schemaName, name, schemaConstant }) {
  const imports = []
  const body = code
    .replace('"use strict";', '')
    .replace(
      /export const validate = (\w+);export default \w+;/,
      `export const ${name}: ValidateFunction = $1 as never;`,
    )
    .replace(
      /const (\w+) = require\("ajv\/dist\/runtime\/(\w+)"\)\.default;/g,
      (_, local, helper) => {
        imports.push(`import ${local}Module from 'ajv/dist/runtime/${helper}.js'`)
        return `const ${local} = ${local}Module.default ?? ${local}Module;`
      },
    )
  if (body.includes('require('))
    throw new Error(`${schemaName}: a require() is left in the validator`)
  return `// @ts-nocheck Generated from schemas/${schemaName} by \`npm run schema:generate\`. Do not edit.
import type { ValidateFunction } from 'ajv'
${imports.join('\n')}

${body.trim()}
${schemaConstant ? exportSchema(body, schemaConstant) : ''}`
}

// The validator holds the whole schema already, for its errors.
function exportSchema(body, name) {
  const local = /const (schema\d+) = \{"\$schema"/.exec(body)?.[1]
  if (!local) throw new Error('the validator does not hold its schema')
  return `
/** The schema itself, without what only editors read. */
export const ${name}: Readonly<Record<string, unknown>> = ${local}
`
}

for (const target of targets)
  writeGenerated(`src/${target.file}`, generate(target), `schemas/${target.schema}`)
