import fs from 'node:fs'
import {
  appendFile,
  mkdir,
  mkdtemp,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { readStable } from '../../src/reload/read-stable.ts'
import { watchFile } from '../../src/reload/watch-file.ts'

let folder = ''
let stop: () => void = () => {}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-watch-'))
})

afterEach(async () => {
  stop()
  await rm(folder, { recursive: true })
})

/** Watches and reads as the server does; `next` resolves to this content when it has been read. */
function watched(file: string): { next: (content: string | null) => Promise<string | null> } {
  const seen: (string | null)[] = []
  let look: () => void = () => {}
  const read = async (): Promise<void> => {
    const bytes = await readStable(file, { settleMs: 20, absenceMs: 100 })
    seen.push(bytes?.toString() ?? null)
    look()
  }
  stop = watchFile(file, () => void read(), 20)
  // What changed before the watcher's first look is no change to it; the server reads once, too.
  void read()
  return {
    next: (content) =>
      new Promise((resolve) => {
        look = () => {
          if (seen.at(-1) === content) resolve(content)
        }
        look()
      }),
  }
}

/** Lays a folder out as the kubelet does: FILE → ..data/FILE, ..data → a folder of its own. */
async function swapConfigMap(version: string, content: string): Promise<void> {
  const data = join(folder, `..${version}`)
  await mkdir(data)
  await writeFile(join(data, 'routes.yaml'), content)
  // The kubelet keeps no modification time apart: the same one must not hide the swap.
  await utimes(join(data, 'routes.yaml'), 1_700_000_000, 1_700_000_000)
  await symlink(`..${version}`, join(folder, '..data_tmp'))
  await rename(join(folder, '..data_tmp'), join(folder, '..data'))
}

describe('the watcher sees', () => {
  test('one write in place after another', async () => {
    const file = join(folder, 'routes.yaml')
    await writeFile(file, 'one')
    const { next } = watched(file)
    await writeFile(file, 'two')
    expect(await next('two')).toBe('two')
    await appendFile(file, ' and three')
    expect(await next('two and three')).toBe('two and three')
  })

  test("an editor's rename over the file, twice", async () => {
    const file = join(folder, 'routes.yaml')
    await writeFile(file, 'one')
    const { next } = watched(file)
    for (const content of ['two', 'six']) {
      await writeFile(`${file}~`, content)
      await rename(`${file}~`, file)
      expect(await next(content)).toBe(content)
    }
  })

  test('ConfigMap swaps, equal in size and time', async () => {
    await swapConfigMap('1', 'one')
    const file = join(folder, 'routes.yaml')
    await symlink('..data/routes.yaml', file)
    const { next } = watched(file)
    for (const [version, content] of [
      ['2', 'two'],
      ['3', 'six'],
    ] as const) {
      await swapConfigMap(version, content)
      expect(await next(content)).toBe(content)
    }
  })

  test('a file that goes and comes back', async () => {
    const file = join(folder, 'routes.yaml')
    await writeFile(file, 'one')
    const { next } = watched(file)
    await rm(file)
    expect(await next(null)).toBe(null)
    await writeFile(file, 'two')
    expect(await next('two')).toBe('two')
  })
})

test('one that is stopped hears nothing more; others of the same file do', async () => {
  const file = join(folder, 'routes.yaml')
  const onStopped = vi.fn()
  const stopFirst = watchFile(file, onStopped, 20)
  let onChange = (): void => undefined
  stop = watchFile(file, () => onChange(), 20)
  const changed = (): Promise<void> =>
    new Promise((resolve) => {
      onChange = resolve
    })
  // That there is none yet is told at the first look: what changes before it is no change.
  await changed()
  stopFirst()
  onStopped.mockClear()
  await writeFile(file, 'one')
  await changed()
  expect(onStopped).not.toHaveBeenCalled()
})

test('unless it is told otherwise it looks five times a second, and keeps no process alive', () => {
  const watch = vi.spyOn(fs, 'watchFile')
  syncBuiltinESMExports()
  onTestFinished(() => {
    watch.mockRestore()
    syncBuiltinESMExports()
  })
  stop = watchFile(join(folder, 'routes.yaml'), () => undefined)
  const [, options] = watch.mock.calls[0] as unknown as [string, object]
  expect(options).toEqual({ interval: 200, persistent: false })
})
