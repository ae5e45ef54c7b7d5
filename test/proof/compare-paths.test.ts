import { expect, test } from 'vitest'
import { describeChangedClasses } from '../../src/proof/changes/change-words.ts'
import { compareWorlds } from '../../src/proof/changes/compare-worlds.ts'
import { createWorlds } from '../../src/proof/world.ts'
import { loadSmall, SOURCES } from './oracle-cases.ts'

function compare(path: string, rules: readonly (string | object)[]) {
  const load = (paths: string) => {
    const { config, diagnostics } = loadSmall({
      version: 1,
      upstreams: { one: 'https://one.example.com' },
      routes: [
        { name: 'a', match: { path }, upstream: 'one', paths, rules },
        { name: 'b', match: { path: '/b/*' }, upstream: 'one' },
      ],
    })
    if (config === null) throw new Error(JSON.stringify(diagnostics))
    return config
  }
  const configs = [load('both'), load('exact')] as const
  const { changes, doubts } = compareWorlds(...createWorlds(...configs, SOURCES))
  const told = describeChangedClasses(changes, [], configs)
  return { told: told.map(({ kind, witness, was, is }) => [kind, witness, was, is]), doubts }
}

test('a path that a rule for another one would be read as goes on where paths are taken as they come', () => {
  const { told, doubts } = compare('/*', [{ if: { path: '/admin/*' }, reject: 403 }])
  expect(doubts).toEqual([])
  expect(told).toContainEqual([
    'a credential reaches another host',
    "curl -H 'authorization: Bearer x' http://127.0.0.1:8080//admin",
    'rejected with 400 ambiguous_path by route "a"',
    'forwarded to "one" by route "a"',
  ])
})

test('of a path that can be read in one way it does not matter', () => {
  expect(compare('/a/b', ['use none'])).toEqual({ told: [], doubts: [] })
})

test('where no path that was tried leads elsewhere there is no telling', () => {
  const { told, doubts } = compare('/a/*', ['use none'])
  expect(told).toEqual([])
  expect(doubts).toHaveLength(1)
})

test('a fallback that looks elsewhere may see several credentials where its route sees one', () => {
  const load = (conflict: string, upstream: string) => {
    const { config } = loadSmall({
      version: 1,
      upstreams: {
        one: { url: 'https://one.example.com', accepts: ['unknown'] },
        two: { url: 'https://two.example.com', accepts: ['unknown'] },
        eleven: { provider: 'elevenlabs' },
      },
      routes: [
        {
          name: 'a',
          match: { path: '/a' },
          upstream: 'one',
          credential: { conflict },
          fallback: [{ upstream, rules: ['use x-api-key'] }],
        },
      ],
    })
    if (config === null) throw new Error('the file has errors')
    return config
  }
  const doubtsOf = (upstream: string): readonly string[] => {
    const worlds = createWorlds(load('reject', upstream), load('first', upstream), SOURCES)
    return compareWorlds(...worlds).doubts
  }
  expect(doubtsOf('eleven').join()).toContain('what they do with several is not compared')
  expect(doubtsOf('two').join()).not.toContain('what they do with several')
})
