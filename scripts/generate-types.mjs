// Generates src/config/shapes/config.generated.ts from schemas/routes.schema.json; with --check it only compares.
import { readFileSync } from 'node:fs'
import { compile } from 'json-schema-to-typescript'
import { writeGenerated } from './write-generated.mjs'

const source = new URL('../schemas/routes.schema.json', import.meta.url)

// A description beside a $ref is for editors, and so is allOf, which only says what excludes what;
// to the generator each would make a type of its own.
const typesOnly = (key, value) => {
  if (key === 'allOf') return undefined
  return value?.$ref ? { $ref: value.$ref } : value
}

const schema = JSON.parse(readFileSync(source, 'utf8'), typesOnly)
const types = await compile({ ...schema, title: 'Config' }, 'Config', {
  additionalProperties: false,
  ignoreMinAndMaxItems: true,
  bannerComment:
    '// Generated from schemas/routes.schema.json by `npm run schema:generate`. Do not edit.',
  style: { semi: false, singleQuote: true, printWidth: 100 },
})

writeGenerated('src/config/shapes/config.generated.ts', types, 'schemas/routes.schema.json')
