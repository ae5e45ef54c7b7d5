import { describe, expect, test } from 'vitest'
import type { Test } from '../../src/config/shapes/config.generated.ts'
import { measureCoverage } from '../../src/proof/coverage.ts'
import { generateTests } from '../../src/proof/generate-tests.ts'
import { createWorld, type World } from '../../src/proof/world.ts'
import { viewOfTest } from '../../src/testing/request.ts'
import { runTest } from '../../src/testing/run-test.ts'
import { loadSmall, readable, SOURCES } from './oracle-cases.ts'
import { createRandom } from './random.ts'
import { smallConfig } from './small-configs.ts'

/** A file with one route and a secret. */
function fileWith(route: object, clients?: object): object {
  return {
    version: 1,
    secrets: { pod: { env: 'POD' } },
    ...(clients === undefined ? {} : { clients }),
    upstreams: {
      one: 'https://one.example.com',
      known: { url: 'https://two.example.com', provider: 'anthropic' },
    },
    routes: [{ name: 'a', match: { path: '/a/*' }, upstream: 'one', ...route }],
  }
}

const CLIENTS = { tokens: { ci: { file: 'ci.sha256' } }, required: false }

const files: readonly { readonly name: string; readonly file: object; readonly tests: number }[] = [
  {
    name: 'a rule whose branches end alike is tried on both sides',
    file: fileWith({
      rules: [
        {
          if: { credential: { in: ['zz-TEST', 'sk-ant-TEST'] } },
          reject: 403,
          else: { reject: 403 },
        },
      ],
    }),
    tests: 3,
  },
  {
    name: 'a rule that goes on is among those of a test, whatever decides in the end',
    file: fileWith({
      rules: [
        { if: { credential: { equals: 'zz-TEST' } }, use: 'none', continue: true },
        { use: { header: 'x-api-key', value: `\${secret.pod}` } },
      ],
    }),
    tests: 3,
  },
  {
    name: 'what goes along is made of a header that the request has',
    file: fileWith({
      also: [{ query: 'key', value: `\${request.header.team}` }],
      rules: [{ if: { credential: { prefix: 'hk-' } }, use: 'none' }],
    }),
    tests: 4,
  },
  {
    name: 'a rule from which nothing leaves, as what would go along is refused, is got to',
    file: fileWith({
      upstream: 'known',
      also: [{ query: 'key', value: `\${request.header.team}` }],
      rules: [{ if: { header: { team: 'x' } }, use: 'none' }],
    }),
    tests: 4,
  },
  ...['authorization', 'x-keyway-token', 'cookie sid', 'query token'].map((header) => ({
    name: `a token in ${header} stands beside a credential, and once`,
    file: fileWith(
      {
        rules: [
          { if: { client: { name: 'ci' }, credential: { prefix: 'hk-' } }, use: 'x-api-key' },
        ],
      },
      { ...CLIENTS, header },
    ),
    tests: 7,
  })),
]

/** What is generated of a file, with what is wrong with it. */
function look(world: World): {
  readonly tests: readonly Test[]
  readonly wrong: readonly unknown[]
} {
  const { config } = world
  const tests = generateTests(world)
  const red = tests.flatMap((one) => runTest(one, config, world.table()).differences)
  const requests = tests.map((one) => viewOfTest(one, config))
  const { unreached } = measureCoverage(requests, world)
  // A client without an address is on a socket, which a test can't say.
  const missed = unreached.filter(({ request }) => request !== null && request.peerIp !== '')
  return { tests, wrong: [...red, ...missed] }
}

describe('tests that are generated are green, and reach all that can be reached', () => {
  test.each(files)('$name', ({ file, tests }) => {
    const { config } = loadSmall(file)
    const found = look(createWorld(config as World['config'], SOURCES))
    expect(found.wrong).toEqual([])
    expect(found.tests.map(({ name }) => name)).toHaveLength(tests)
    expect(JSON.stringify(found.tests)).not.toContain('client:ci')
  })

  test('of random files', () => {
    for (let seed = 0; seed < 25; seed++) {
      const { config, text } = readable(loadSmall(smallConfig(createRandom(seed))))
      if (config !== null) expect(look(createWorld(config, SOURCES)).wrong, text).toEqual([])
    }
  })
})

test('a test expects what leaves in a header that the file alone knows, and names a secret', () => {
  const { config } = loadSmall(
    fileWith({
      rules: [
        { if: { credential: { prefix: 'hk-' } }, use: 'x-own' },
        { use: { header: 'x-mine', value: `\${secret.pod}` } },
      ],
    }),
  )
  const tests = generateTests(createWorld(config as NonNullable<typeof config>, SOURCES))
  const [own, secret] = [tests[0], tests.find(({ name }) => name.includes('secret'))]
  expect(own?.expect.headers).toEqual({ authorization: null, 'x-own': 'hk-TEST' })
  expect([secret?.name, secret?.expect.headers]).toEqual([
    'route a, rule rules[1]: to one with secret pod',
    { 'x-mine': `\${secret.pod}` },
  ])
})
