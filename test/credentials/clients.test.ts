import { createHash } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type ClientRegistry, createClientRegistry } from '../../src/credentials/secrets/clients.ts'
import { stopClock } from '../support/stopped-clock.ts'
import { createTemporaryFolder, mountVersion } from './temporary-folder.ts'

const hash = (token: string): string => createHash('sha256').update(token).digest('hex')

interface Opened extends ClientRegistry {
  readonly folder: string
}

function open(files: Readonly<Record<string, string>>): Opened {
  const folder = createTemporaryFolder()
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const tokens = ['alice', 'bob'].map((name) => ({ name, file: name }))
  const clients = {
    places: [],
    isCounted: false,
    isRequired: true,
    preflight: 'closed',
    tokens,
  } as const
  return { ...createClientRegistry(clients, { baseDir: folder }), folder }
}

describe('identify', () => {
  for (const { name, alice, token, client } of [
    { name: 'a hash alone', alice: hash('TEST-a'), token: 'TEST-a', client: 'alice' },
    {
      name: 'as sha256sum prints it',
      alice: `${hash('TEST-a')}  -\n`,
      token: 'TEST-a',
      client: 'alice',
    },
    { name: 'in capitals', alice: hash('TEST-a').toUpperCase(), token: 'TEST-a', client: 'alice' },
    {
      name: 'the second of two hashes',
      alice: `# rotated in May\n${hash('TEST-a')}\r\n\n  ${hash('TEST-b')}  -\n`,
      token: 'TEST-b',
      client: 'alice',
    },
    {
      name: 'a hash behind a comment sign',
      alice: `# ${hash('TEST-a')}`,
      token: 'TEST-a',
      client: null,
    },
    { name: 'another token', alice: hash('TEST-a'), token: 'TEST-c', client: null },
    { name: 'the hash itself', alice: hash('TEST-a'), token: hash('TEST-a'), client: null },
    { name: 'the token with a newline', alice: hash('TEST-a'), token: 'TEST-a\n', client: null },
    { name: 'nothing, though its hash is there', alice: hash(''), token: '', client: null },
    {
      name: 'a hash beside a broken line',
      alice: `nonsense\n${hash('TEST-a')}`,
      token: 'TEST-a',
      client: 'alice',
    },
    { name: 'a hash cut short', alice: hash('TEST-a').slice(1), token: 'TEST-a', client: null },
  ])
    it(name, () => {
      const registry = open({ alice, bob: hash('TEST-bob') })
      expect(registry.identify(token)).toBe(client)
      expect(registry.identify('TEST-bob')).toBe('bob')
    })

  it('knows nobody without clients', () => {
    const registry = createClientRegistry(null, { baseDir: '/nowhere' })
    expect(registry.identify('TEST-a')).toBe(null)
    expect(registry.problems()).toEqual([])
  })

  it('follows a rotation and a revocation within a tenth of a second', async () => {
    const { pass } = stopClock()
    const registry = open({ alice: hash('TEST-a') })
    expect(registry.identify('TEST-a')).toBe('alice')
    writeFileSync(join(registry.folder, 'alice'), hash('TEST-b'))
    await pass(99)
    expect(registry.identify('TEST-a')).toBe('alice')
    await pass(1)
    expect(registry.identify('TEST-a')).toBe(null)
    expect(registry.identify('TEST-b')).toBe('alice')
    rmSync(join(registry.folder, 'alice'))
    await pass(100)
    expect(registry.identify('TEST-b')).toBe(null)
  })

  it('gives a token that two clients share to the later one', () => {
    const registry = open({ alice: hash('TEST-a'), bob: hash('TEST-a') })
    expect(registry.identify('TEST-a')).toBe('bob')
  })

  it('follows swaps of a mounted Secret', async () => {
    const { pass } = stopClock()
    const registry = open({})
    for (const version of ['TEST-1', 'TEST-2']) {
      mountVersion(registry.folder, version, { bob: hash(version) })
      await pass(100)
      expect(registry.identify(version)).toBe('bob')
    }
    expect(registry.identify('TEST-1')).toBe(null)
  })
})

it('names the files that can not be used', () => {
  const broken = open({ alice: '# nobody yet\n' })
  expect(broken.problems()).toEqual([
    { name: 'alice', reason: 'its file holds no hash' },
    { name: 'bob', reason: 'its file is missing' },
  ])
  const partly = open({ alice: `${hash('TEST-a')}\nTEST-a\n`, bob: hash('TEST-bob') })
  expect(partly.problems()).toEqual([
    { name: 'alice', reason: 'its file has a line that is no SHA-256 in hex' },
  ])
})

it('tells when a file can not be used, and when it can again', async () => {
  const { pass } = stopClock()
  const folder = createTemporaryFolder()
  const told: string[] = []
  const clients = {
    places: [],
    isCounted: false,
    isRequired: true,
    preflight: 'closed',
    tokens: [{ name: 'alice', file: 'alice' }],
  } as const
  const registry = createClientRegistry(clients, {
    baseDir: folder,
    listener: {
      onSecret: () => undefined,
      onClient: (name, reason) => told.push(`${name}: ${reason}`),
    },
  })
  registry.identify('TEST-a')
  await pass(100)
  registry.identify('TEST-a')
  writeFileSync(join(folder, 'alice'), hash('TEST-a'))
  await pass(100)
  registry.identify('TEST-a')
  expect(told).toEqual(['alice: its file is missing', 'alice: null'])
})

it('follows a rotation of one file of two', async () => {
  const { pass } = stopClock()
  const folder = createTemporaryFolder()
  writeFileSync(join(folder, 'bob'), hash('TEST-bob'))
  const clients = {
    places: [],
    isCounted: false,
    isRequired: true,
    preflight: 'closed',
    tokens: [
      { name: 'alice', file: 'alice' },
      { name: 'bob', file: 'bob' },
    ],
  } as const
  const registry = createClientRegistry(clients, { baseDir: folder })
  expect(registry.identify('TEST-bob')).toBe('bob')
  writeFileSync(join(folder, 'alice'), hash('TEST-a'))
  // Within a tenth of a second nothing is looked at again.
  expect(registry.identify('TEST-a')).toBe(null)
  await pass(100)
  expect(registry.identify('TEST-a')).toBe('alice')
})
