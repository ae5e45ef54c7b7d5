import { expect, test } from 'vitest'
import { toDiagnostics } from '../../../src/config/diagnostics/to-diagnostics.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'

const KEY = 'sk-ant-api03-FAKEfakeFAKE'

test('no part of a diagnostic shows a credential of the file', () => {
  const source = { file: 'f', text: `at: ${KEY}` }
  const finding = {
    code: 'unknown-key',
    severity: 'error',
    path: ['secrets', KEY],
    message: `it is ${KEY}`,
    hint: `write ${KEY}`,
    witness: `curl -H 'x-api-key: ${KEY}'`,
    span: { start: 4, end: 5 },
  } as const
  const shown = `sk-ant-api${'*'.repeat(15)}`
  expect(toDiagnostics(source, null, [finding], loadCatalogue().kinds)).toEqual([
    {
      file: 'f',
      line: 1,
      column: 5,
      length: 1,
      sourceLine: `at: ${shown}`,
      code: 'unknown-key',
      severity: 'error',
      path: `secrets.${shown}`,
      message: `it is ${shown}`,
      hint: `write ${shown}`,
      witness: `curl -H 'x-api-key: ${shown}'`,
    },
  ])
})
