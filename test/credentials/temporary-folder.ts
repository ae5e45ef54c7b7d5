import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder for one test. */
export function createTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyway-credentials-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes files as Kubernetes mounts a Secret: `NAME` → `..data/NAME`, `..data` → `..VERSION`, swapped by rename. */
export function mountVersion(
  folder: string,
  version: string,
  files: Readonly<Record<string, string>>,
): void {
  mkdirSync(join(folder, `..${version}`))
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, `..${version}`, name), text)
    try {
      symlinkSync(join('..data', name), join(folder, name))
    } catch {
      // The link is there from an earlier version.
    }
  }
  symlinkSync(`..${version}`, join(folder, '..data_tmp'))
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
}
