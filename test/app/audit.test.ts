import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openAudit } from '../../src/app/audit.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { createSnapshotStore } from '../../src/reload/snapshot-store.ts'
import { compileText } from '../support/compile-text.ts'

const fileWith = (audit: string) => compileText(`version: 1\n${audit}\nroutes: []\n`)

test('what a secret is used for while a reload opens another trail stands in that one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyway-app-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const store = createSnapshotStore(fileWith('audit: { file: one.jsonl }'))
  const log = createLogger({ destination: { write: () => undefined } })
  const audit = await openAudit({ store, folder, log })
  const idsIn = (name: string): unknown[] =>
    readFileSync(join(folder, name), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id)
  expect(await audit.note([{ outcome: 'used', id: 'a' }])).toBe(true)
  store.swap(fileWith('audit: { file: two.jsonl }'))
  await Promise.resolve()
  expect(await audit.note([{ outcome: 'used', id: 'b' }])).toBe(true)
  await audit.close()
  const written = [...idsIn('one.jsonl'), ...idsIn('two.jsonl')]
  expect(written).toEqual(['a', 'b'])
})
