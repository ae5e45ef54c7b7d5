import { renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { NormalKind, NormalSecret } from '../../src/config/shapes/normal-config.ts'
import { createClassifier } from '../../src/credentials/classify.ts'
import { createKeyRests, type KeyRests } from '../../src/credentials/secrets/key-rests.ts'
import { createSecretStore, type SecretStore } from '../../src/credentials/secrets/secret-store.ts'
import { createTemporaryFolder, mountVersion } from './temporary-folder.ts'

const KINDS: readonly NormalKind[] = [
  { name: 'key', prefixes: ['key-'] },
  { name: 'oauth', prefixes: ['oat-'], description: 'an access token', pool: 'never' },
  { name: 'refresh', prefixes: ['ort-'], description: 'a refresh token', forward: 'never' },
]

function secret(source: Partial<NormalSecret>): NormalSecret {
  return { name: 's', sources: [], isPool: false, cooldownMs: 30_000, ...source }
}

interface Options {
  readonly env?: Readonly<Record<string, string>>
  readonly baseDir?: string
  readonly rests?: KeyRests
}

function createStore(secrets: readonly NormalSecret[], options: Options = {}): SecretStore {
  const { env = {}, baseDir = '/nowhere', rests } = options
  return createSecretStore(secrets, {
    env,
    baseDir,
    classify: createClassifier(KINDS),
    ...(rests && { rests }),
  })
}

describe('a value', () => {
  const control = 'it holds a line break or another character that no header may hold'
  for (const { name, text, value, reason } of [
    { name: 'as it is', text: 'key-FAKE', value: 'key-FAKE', reason: null },
    { name: 'ends in a newline', text: 'key-FAKE\n', value: 'key-FAKE', reason: null },
    {
      name: 'white space around',
      text: '\ufeff \t key-FAKE \r\n',
      value: 'key-FAKE',
      reason: null,
    },
    { name: 'a space inside', text: 'key FAKE', value: 'key FAKE', reason: null },
    { name: 'empty', text: '', value: null, reason: 'it is empty' },
    { name: 'only white space', text: ' \n\n', value: null, reason: 'it is empty' },
    { name: 'two lines', text: 'key-FAKE\nkey-TEST', value: null, reason: control },
    { name: 'a carriage return', text: 'key-FAKE\rx: y', value: null, reason: control },
    { name: 'a NUL', text: 'key-FAKE\0TEST', value: null, reason: control },
    { name: 'beyond ASCII', text: 'key-FAKE-é', value: null, reason: control },
    {
      name: 'a kind that never travels',
      text: 'ort-FAKE',
      value: null,
      reason: 'it is a refresh token, which is never forwarded',
    },
    { name: 'an access token', text: 'oat-FAKE', value: 'oat-FAKE', reason: null },
  ]) {
    const problems = reason === null ? [] : [{ name: 's', reason }]
    it(`from a file: ${name}`, () => {
      const baseDir = createTemporaryFolder()
      writeFileSync(join(baseDir, 'key'), text)
      const store = createStore([secret({ sources: [{ file: 'key' }] })], { baseDir })
      expect(store.read('s')).toBe(value)
      expect(store.problems()).toEqual(problems)
    })
    it(`from the environment: ${name}`, () => {
      const store = createStore([secret({ sources: [{ env: 'KEY' }] })], { env: { KEY: text } })
      expect(store.read('s')).toBe(value)
      expect(store.problems()).toEqual(problems)
    })
  }
})

describe('a source', () => {
  it('may be an absolute path', () => {
    const path = join(createTemporaryFolder(), 'key')
    writeFileSync(path, 'key-FAKE\n')
    expect(createStore([secret({ sources: [{ file: path }] })]).read('s')).toBe('key-FAKE')
  })

  it('that is missing fails closed', () => {
    const store = createStore([
      secret({ name: 'file', sources: [{ file: 'missing' }] }),
      secret({ name: 'env', sources: [{ env: 'MISSING' }] }),
    ])
    expect(store.read('file')).toBe(null)
    expect(store.read('env')).toBe(null)
    expect(store.problems()).toEqual([
      { name: 'file', reason: 'its file is missing' },
      { name: 'env', reason: 'environment variable MISSING is not set' },
    ])
  })

  it('that is not declared is null', () => {
    expect(createStore([]).read('other')).toBe(null)
    expect(createStore([]).retryAfterMs('other')).toBe(null)
  })

  it('is read anew after each rotation', () => {
    const baseDir = createTemporaryFolder()
    const path = join(baseDir, 'key')
    const store = createStore([secret({ sources: [{ file: 'key' }] })], { baseDir })
    writeFileSync(path, 'key-FAKE-1')
    expect(store.read('s')).toBe('key-FAKE-1')
    writeFileSync(path, 'key-FAKE-2')
    expect(store.read('s')).toBe('key-FAKE-2')
    writeFileSync(join(baseDir, 'new'), 'key-FAKE-3')
    renameSync(join(baseDir, 'new'), path)
    expect(store.read('s')).toBe('key-FAKE-3')
    writeFileSync(path, '')
    utimesSync(path, 1, 1)
    expect(store.read('s')).toBe(null)
    rmSync(path)
    expect(store.read('s')).toBe(null)
    writeFileSync(path, 'key-FAKE-4')
    expect(store.read('s')).toBe('key-FAKE-4')
  })

  it('is read anew after swaps of a mounted Secret', () => {
    const baseDir = createTemporaryFolder()
    const store = createStore([secret({ sources: [{ file: 'key' }] })], { baseDir })
    for (const version of ['key-FAKE-1', 'key-FAKE-2', 'key-FAKE-3']) {
      mountVersion(baseDir, version, { key: `${version}\n` })
      expect(store.read('s')).toBe(version)
    }
  })
})

describe('a pool', () => {
  const env = { A: 'key-FAKE-A', B: 'key-FAKE-B', C: 'key-FAKE-C' }
  const sources = [{ env: 'A' }, { env: 'B' }, { env: 'C' }]

  function createPool(options: Options = {}): SecretStore & { at: (timeMs: number) => void } {
    let time = 1_000
    const store = createStore([secret({ sources, isPool: true })], {
      env,
      rests: createKeyRests(() => time),
      ...options,
    })
    const at = (timeMs: number): void => {
      time = 1_000 + timeMs
    }
    return { ...store, at }
  }

  const take = (store: SecretStore, count: number): (string | null)[] =>
    Array.from({ length: count }, () => store.read('s'))

  it('takes turns', () => {
    expect(take(createPool(), 4)).toEqual(['key-FAKE-A', 'key-FAKE-B', 'key-FAKE-C', 'key-FAKE-A'])
  })

  it('leaves out a key that rests, until its Retry-After is over', () => {
    const store = createPool()
    store.rest('s', 'key-FAKE-B', 5_000)
    expect(take(store, 3)).toEqual(['key-FAKE-A', 'key-FAKE-C', 'key-FAKE-A'])
    store.at(4_999)
    expect(take(store, 2)).toEqual(['key-FAKE-C', 'key-FAKE-A'])
    store.at(5_000)
    expect(take(store, 1)).toEqual(['key-FAKE-B'])
  })

  it('rests for its own time without a Retry-After', () => {
    const store = createPool()
    store.rest('s', 'key-FAKE-A', null)
    store.at(29_999)
    expect(store.read('s')).toBe('key-FAKE-B')
    store.at(30_000)
    expect(take(store, 2)).toEqual(['key-FAKE-C', 'key-FAKE-A'])
  })

  it('rests for an hour at most', () => {
    const store = createPool()
    store.rest('s', 'key-FAKE-A', Number.MAX_SAFE_INTEGER)
    store.at(3_600_000)
    expect(store.read('s')).toBe('key-FAKE-A')
  })

  it('is null while all rest, and says for how long', () => {
    const store = createPool()
    expect(store.retryAfterMs('s')).toBe(null)
    store.rest('s', 'key-FAKE-A', 9_000)
    store.rest('s', 'key-FAKE-B', 7_000)
    expect(store.retryAfterMs('s')).toBe(null)
    store.rest('s', 'key-FAKE-C', 8_000)
    expect(store.read('s')).toBe(null)
    expect(store.retryAfterMs('s')).toBe(7_000)
    store.at(7_000)
    expect(store.retryAfterMs('s')).toBe(null)
    expect(store.read('s')).toBe('key-FAKE-B')
  })

  it('ignores a rest of a value it does not hold', () => {
    const store = createPool()
    store.rest('s', 'key-FAKE-D', 5_000)
    store.rest('other', 'key-FAKE-A', 5_000)
    expect(take(store, 3)).toEqual(['key-FAKE-A', 'key-FAKE-B', 'key-FAKE-C'])
  })

  it('uses a key at once that was rotated while it rested', () => {
    const baseDir = createTemporaryFolder()
    writeFileSync(join(baseDir, 'key'), 'key-FAKE-1')
    const store = createStore([secret({ sources: [{ file: 'key' }], isPool: true })], { baseDir })
    store.rest('s', 'key-FAKE-1', 5_000)
    expect(store.read('s')).toBe(null)
    writeFileSync(join(baseDir, 'key'), 'key-FAKE-2')
    expect(store.read('s')).toBe('key-FAKE-2')
  })

  it('keeps the later end of two rests', () => {
    const store = createPool()
    store.rest('s', 'key-FAKE-A', 9_000)
    store.rest('s', 'key-FAKE-A', 1_000)
    store.at(1_000)
    expect(take(store, 2)).toEqual(['key-FAKE-B', 'key-FAKE-C'])
    store.at(9_000)
    expect(store.read('s')).toBe('key-FAKE-A')
  })

  it('lets keys rest on in the store of the next configuration', () => {
    const rests = createKeyRests(() => 0)
    createPool({ rests }).rest('s', 'key-FAKE-A', null)
    expect(take(createPool({ rests }), 2)).toEqual(['key-FAKE-B', 'key-FAKE-C'])
  })

  it('leaves out keys that are missing, and names them', () => {
    const store = createPool({ env: { A: 'key-FAKE-A', C: '' } })
    expect(take(store, 2)).toEqual(['key-FAKE-A', 'key-FAKE-A'])
    expect(store.problems()).toEqual([
      { name: 's[1]', reason: 'environment variable B is not set' },
      { name: 's[2]', reason: 'it is empty' },
    ])
  })

  it('never holds an OAuth token', () => {
    const store = createPool({ env: { ...env, B: 'oat-FAKE' } })
    expect(take(store, 3)).toEqual(['key-FAKE-A', 'key-FAKE-C', 'key-FAKE-A'])
    expect(store.problems()).toEqual([
      { name: 's[1]', reason: 'it is an access token, which must not be shared in a pool' },
    ])
  })

  it('of no usable key is null without a time to wait', () => {
    const store = createPool({ env: {} })
    expect(store.read('s')).toBe(null)
    expect(store.retryAfterMs('s')).toBe(null)
  })
})

describe('what is told of secrets', () => {
  const env = { A: 'key-FAKE-A', B: 'key-FAKE-B' }

  it('is their sources, what is wrong and what rests, without their values', () => {
    const rests = createKeyRests(() => 0.5)
    const sources = [{ env: 'A' }, { env: 'B' }, { env: 'C' }]
    const store = createStore(
      [secret({ name: 'pool', sources, isPool: true }), secret({ sources: [{ file: 'missing' }] })],
      { env, rests },
    )
    store.rest('pool', 'key-FAKE-B', 999.5)
    expect(store.describe()).toMatchObject([
      {
        name: 'pool',
        isPool: true,
        keys: [
          { source: 'env A', reason: null, restsMs: 0 },
          { source: 'env B', reason: null, restsMs: 1000 },
          { source: 'env C', reason: 'environment variable C is not set', restsMs: 0 },
        ],
      },
      {
        name: 's',
        isPool: false,
        keys: [{ source: 'file missing', reason: 'its file is missing', restsMs: 0 }],
      },
    ])
  })

  it('is told when it changes, once', () => {
    const baseDir = createTemporaryFolder()
    const told: string[] = []
    const store = createSecretStore(
      [secret({ sources: [{ file: 'key' }, { file: 'b' }], isPool: true })],
      {
        env: {},
        baseDir,
        classify: createClassifier(KINDS),
        listener: {
          onSecret: (name, reason) => told.push(`${name}: ${reason}`),
          onClient: () => undefined,
        },
      },
    )
    writeFileSync(join(baseDir, 'b'), 'key-FAKE-B')
    store.read('s')
    store.read('s')
    writeFileSync(join(baseDir, 'key'), '')
    store.read('s')
    store.read('s')
    store.read('s')
    writeFileSync(join(baseDir, 'key'), 'key-FAKE')
    store.read('s')
    store.read('s')
    expect(told).toEqual(['s[0]: its file is missing', 's[0]: it is empty', 's[0]: null'])
  })

  it('has no time to wait for a secret that is no pool', () => {
    const store = createStore([secret({ sources: [{ env: 'A' }] })], { env })
    store.rest('s', 'key-FAKE-A', 5_000)
    expect(store.read('s')).toBe('key-FAKE-A')
    expect(store.retryAfterMs('s')).toBe(null)
  })

  it('has the wait of the keys that can be used alone', () => {
    const rests = createKeyRests(() => 0)
    const sources = [{ env: 'A' }, { env: 'MISSING' }]
    const store = createStore([secret({ sources, isPool: true })], { env, rests })
    store.rest('s', 'key-FAKE-A', 4_000)
    expect(store.retryAfterMs('s')).toBe(4_000)
  })
})

describe('rests of keys', () => {
  it('are of those that a pool holds alone', () => {
    const rests = createKeyRests(() => 0)
    const pool = createStore([secret({ sources: [{ env: 'A' }], isPool: true })], {
      env: { A: 'key-FAKE-A' },
      rests,
    })
    pool.rest('s', 'key-FAKE-other', 5_000)
    expect(rests.waitMs('key-FAKE-other')).toBe(0)
    pool.rest('s', 'key-FAKE-A', 5_000)
    expect(rests.waitMs('key-FAKE-A')).toBe(5_000)
  })

  it('begin anew once they have ended', () => {
    let time = 0
    const rests = createKeyRests(() => time)
    rests.rest('a', 1_000)
    time = 1_000
    rests.rest('a', 10)
    expect(rests.waitMs('a')).toBe(10)
  })
})
