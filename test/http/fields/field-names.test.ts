import { expect, it } from 'vitest'
import { onceForNames, readNames } from '../../../src/http/fields/field-names.ts'

it('tells the names of fields in order, as they came and in lower case', () => {
  const { all, lower } = readNames(['Host', 'a.test', 'X-Key', '1', 'x-key', '2'])
  expect(all.map(({ text }) => text)).toEqual(['Host', 'X-Key', 'x-key'])
  expect(lower).toEqual(['host', 'x-key', 'x-key'])
  expect(readNames([])).toEqual({ all: [], lower: [] })
})

it('gives messages the same lists where their names are the same in the same order, whatever came between', () => {
  const first = readNames(['Host', 'a.test', 'Accept', '*/*'])
  const longer = readNames(['Host', 'a.test', 'Accept', '*/*', 'Range', 'x'])
  const turned = readNames(['Accept', '*/*', 'Host', 'a.test'])
  const inCapitals = readNames(['HOST', 'a.test', 'Accept', '*/*'])
  expect(readNames(['Host', 'b.test', 'Accept', 'text/html'])).toBe(first)
  for (const other of [longer, turned, inCapitals]) expect(other).not.toBe(first)
  expect(inCapitals.lower).toEqual(first.lower)
  expect(inCapitals.lower).not.toBe(first.lower)
})

it('learns names anew where somebody makes thousands of them up, and mixes none up meanwhile', () => {
  const known = readNames(['Host', 'a.test', 'Accept', '*/*'])
  for (let i = 0; i < 5000; i++)
    expect(readNames(['Host', 'a.test', `X-Made-Up-${i}`, '1']).lower).toEqual([
      'host',
      `x-made-up-${i}`,
    ])
  const anew = readNames(['Host', 'a.test', 'Accept', '*/*'])
  expect(anew).toEqual(known)
  expect(anew).not.toBe(known)
  expect(readNames(['Host', 'a.test', 'Accept', '*/*'])).toBe(anew)
})

it('works a thing out once for each list, in whatever order lists come', () => {
  const seen: string[] = []
  const lengthOf = onceForNames((names) => {
    seen.push(names.join(' '))
    return names.length
  })
  const one = readNames(['Once', '1']).lower
  const two = readNames(['Once', '1', 'Twice', '2']).lower
  const results = [one, one, two, one, two, two, one].map(lengthOf)
  expect(results).toEqual([1, 1, 2, 1, 2, 2, 1])
  expect(seen).toEqual(['once', 'once twice', 'once'])
})

it('keeps no long name, nor what comes behind it', () => {
  const fields = ['Host', 'a.test', 'x'.repeat(129), '1', 'Accept', '*/*']
  const first = readNames(fields)
  expect(first.lower).toEqual(['host', 'x'.repeat(129), 'accept'])
  expect(readNames(fields)).toEqual(first)
  expect(readNames(fields)).not.toBe(first)
})
