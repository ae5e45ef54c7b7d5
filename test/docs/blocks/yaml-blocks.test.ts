import { expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { formatDiagnostic } from '../../../src/config/diagnostics/format-diagnostic.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'
import { withThoroughProof } from '../../../src/loading/with-proof.ts'
import { completeYaml, isWhole } from './complete-yaml.ts'
import { isLeftOut, suiteOf } from './elsewhere.ts'
import { type Block, listPages, placeOf, readBlocks } from './read-blocks.ts'

const blocks = listPages()
  .flatMap(readBlocks)
  .filter(({ language }) => language === 'yaml')
  .filter((block) => suiteOf(block) === null && !isLeftOut(block))

const ours = blocks.filter(({ options }) => !options.has('of')).map(named)
const others = blocks.filter(({ options }) => options.has('of')).map(named)

function named(block: Block): { place: string; block: Block } {
  return { place: placeOf(block), block }
}

/** What `keyway check` finds, one line each; every variable of the environment is set. */
function findings(text: string, severities: readonly string[]): readonly string[] {
  const variables = [...text.matchAll(/\$\{env\.(\w+)/g)].map(([, name]) => [name, 'x'])
  const env = { HOME: '/root', ...Object.fromEntries(variables) }
  const options = withThoroughProof({ catalogue: loadCatalogue(), env })
  const { diagnostics } = loadConfig({ file: 'block.yaml', text }, options)
  return diagnostics
    .filter(({ severity }) => severities.includes(severity))
    .map((diagnostic) => formatDiagnostic(diagnostic))
}

test.each(ours)('$place is a file, or a part of one, without an error', ({ block }) => {
  const { text } = block
  if (isWhole(text)) return expect(findings(text, ['error', 'warning'])).toEqual([])
  const whole = completeYaml(text)
  expect(whole, 'its keys belong to no part of a file').not.toBeNull()
  return expect(findings(whole as string, ['error'])).toEqual([])
})

test.each(others)('$place is YAML', ({ block }) => {
  expect(parseDocument(block.text).errors).toEqual([])
})
