import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { OWN_KEYWORDS, withoutEditorKeywords } from './editor-keywords.mjs'

const schemaFile = new URL('../schemas/credentials.schema.json', import.meta.url)

/** Reads a catalogue's YAML, as in config/credentials.yaml; throws with every error of its schema. */
export function readCatalogue(text) {
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8'), withoutEditorKeywords)
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, keywords: OWN_KEYWORDS })
  const validate = ajv.compile(schema)
  const file = parse(text, { schema: 'core', maxAliasCount: 0, prettyErrors: false })
  if (validate(file)) return file
  const errors = validate.errors.map((error) => `${error.instancePath} ${error.message}`)
  throw new Error(`credential catalogue: ${errors.join('; ')}`)
}
