import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findTestFiles } from '../../src/testing/test-files.ts'

test('tests of a file stand beside it under its name, those of others under theirs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyway-tests-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'config'))
  const names = [
    'routes.yaml',
    'routes.test.yaml',
    'routes.more.test.yml',
    'routes.generated.test.yaml',
    'routes-b.test.yaml',
    'routes2.test.yaml',
    'a.routes.test.yaml',
    'routes.test.yaml.bak',
    'routes.tests.yaml',
    'routes.testing.yaml',
  ]
  for (const name of names) writeFileSync(join(folder, 'config', name), '')
  const found = [
    'config/routes.generated.test.yaml',
    'config/routes.more.test.yml',
    'config/routes.test.yaml',
  ]
  expect(findTestFiles('config/routes.yaml', folder)).toEqual(found)
  expect(findTestFiles('config/routes.yml', folder)).toEqual(found)
  expect(findTestFiles('config/routes2.yaml', folder)).toEqual(['config/routes2.test.yaml'])
  expect(findTestFiles('config/other.yaml', folder)).toEqual([])
})
