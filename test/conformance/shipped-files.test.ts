import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatDiagnostic } from '../../src/config/diagnostics/format-diagnostic.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { compileSnapshot } from '../../src/loading/compile-snapshot.ts'
import { clientOfToken, standInSecret } from '../../src/testing/request.ts'
import { runTest } from '../../src/testing/run-test.ts'

const root = new URL('../../', import.meta.url)
const examples = readdirSync(new URL('config/examples', root)).sort()
const files = ['config/routes.yaml', ...examples.map((name) => `config/examples/${name}`)]

describe.each(files)('%s', (file) => {
  const text = readFileSync(new URL(file, root), 'utf8')
  const { snapshot, diagnostics } = compileSnapshot(
    { file, text },
    {
      catalogue: loadCatalogue(),
      env: { INTERNAL_API_TOKEN: 'internal-TEST' },
      generation: 1,
      readSecret: standInSecret,
      identifyClient: clientOfToken,
    },
  )

  it('has nothing to be warned about', () => {
    expect(diagnostics.map(formatDiagnostic)).toEqual([])
  })

  it('names its schema and says what it is for', () => {
    const [schema, comment] = text.split('\n')
    expect(schema).toMatch(
      /^# yaml-language-server: \$schema=(\.\.\/)+schemas\/routes\.schema\.json$/,
    )
    expect(comment).toMatch(/^#/)
  })

  it.each(snapshot?.config.tests.map((test) => [test.name, test] as const) ?? [])(
    '%s',
    (_, test) => {
      if (snapshot === null) throw new Error('the file is not valid')
      expect(runTest(test, snapshot.config, snapshot.table).differences).toEqual([])
    },
  )
})
