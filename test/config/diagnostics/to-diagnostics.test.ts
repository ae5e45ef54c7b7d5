import { expect, test } from 'vitest'
import { toDiagnostics } from '../../../src/config/diagnostics/to-diagnostics.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'

const KEY = 'sk-ant-api03-FAKEfakeFAKE'

test('what is found twice at one place is told once, and elsewhere again', () => {
  const source = { file: 'f', text: 'a: 1\nb: 2\n' }
  const at = (start: number, message: string) =>
    ({
      code: 'unknown-key',
      severity: 'error',
      path: [],
      message,
      span: { start, end: start + 1 },
    }) as const
  const findings = [at(5, 'y'), at(0, 'x'), at(0, 'x'), at(0, 'y')]
  const told = toDiagnostics(source, null, findings, [])
  expect(told.map(({ line, column, message }) => [line, column, message])).toEqual([
    [1, 1, 'x'],
    [1, 1, 'y'],
    [2, 1, 'y'],
  ])
})

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
