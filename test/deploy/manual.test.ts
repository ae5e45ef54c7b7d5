import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { usages } from '../../src/commands/usage/all.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'keyway-manual-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'keyway.1')
const env = { ...process.env, SOURCE_DATE_EPOCH: '1700000000' }
execFileSync(process.execPath, ['scripts/write-manual.mjs', file], { cwd: root, env })

const isMissing = process.env.CI === undefined && spawnSync('mandoc', ['-h']).error !== undefined

test.skipIf(isMissing)('the manual is sound roff', () => {
  const lint = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', file], { encoding: 'utf8' })
  expect({ status: lint.status, stdout: lint.stdout }).toEqual({ status: 0, stdout: '' })
})

test.skipIf(isMissing)('a reader finds every command, flag and example in it', () => {
  const shown = spawnSync('mandoc', ['-T', 'utf8', '-O', 'width=400', file], { encoding: 'utf8' })
  // Bold and underlined text is struck over.
  const page = shown.stdout.replaceAll(/.\x08/g, '')
  expect(page).toContain('2023-11-14')
  for (const { name, flags, examples } of usages) {
    expect(page).toContain(`\n   ${name}\n`)
    for (const [flag, { value }] of Object.entries(flags))
      expect(page).toContain(`--${flag}${value ? ` ${value}` : ''}\n`)
    for (const example of examples) expect(page).toContain(`    ${example}\n`)
  }
})
