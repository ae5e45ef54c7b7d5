import { expect, test } from 'vitest'
import { readName } from '../../src/http/fields/header-names.ts'
import { hasUpgrade, withoutLength } from '../../src/http/fields/fit-fields.ts'
import { readFields } from '../../src/http/message/message-fields.ts'

test.each([
  ['Accept', 'end-to-end'],
  ['x-any', 'end-to-end'],
  ['Connection', 'connection'],
  ['KEEP-ALIVE', 'keep-alive'],
  ['Upgrade', 'upgrade'],
  ['content-LENGTH', 'length'],
  ['Transfer-Encoding', 'coding'],
  ['Proxy-Connection', 'hop-by-hop'],
  ['proxy-authenticate', 'hop-by-hop'],
  ['TE', 'hop-by-hop'],
  ['Trailer', 'hop-by-hop'],
  ["!#$%&'*+.^_`|~0Az-", 'end-to-end'],
  ['', 'invalid'],
  ['a b', 'invalid'],
  ['a:', 'invalid'],
  ['\u00e9', 'invalid'],
])('%s is %s, at any time', (name, role) => {
  expect([readName(name).role, readName(name).role]).toEqual([role, role])
})

/** The module with a list of names of its own: others of this process may have filled theirs. */
function importFresh(): Promise<{ readonly readName: typeof readName }> {
  const fresh = '../../src/http/fields/header-names.ts?fresh'
  return import(fresh)
}

test.each(['__proto__', 'constructor', '1', '4294967295', '-0', 'X-ToString', 'x'.repeat(128)])(
  'a name is the text that it came as: %s',
  async (name) => {
    const { readName } = await importFresh()
    const { text, lower, lead } = readName(name)
    expect({ text, lower, lead }).toEqual({
      text: name,
      lower: name.toLowerCase(),
      lead: `\r\n${name}: `,
    })
    expect(readName(name)).toBe(readName(name))
  },
)

test('a long name is read as any other, and kept by nobody', () => {
  const name = `X-${'y'.repeat(127)}`
  expect(readName(name)).toEqual(readName(name))
  expect(readName(name)).toMatchObject({ text: name, lower: name.toLowerCase() })
  expect(readName(name)).not.toBe(readName(name))
})

test('a length is taken off, and nothing that only looks like one', () => {
  const fields = ['A', 'content-length', 'Content-LENGTH', '5', 'B', '1']
  expect(withoutLength(fields)).toEqual(['A', 'content-length', 'B', '1'])
})

test('an upgrade is a name, not a value', () => {
  expect(hasUpgrade(['A', '1', 'uPGRADE', 'h2c'])).toBe(true)
  expect(hasUpgrade(['A', 'upgrade', 'Upgrade-Insecure-Requests', '1'])).toBe(false)
  expect(hasUpgrade([])).toBe(false)
})

const namesOf = (lines: string): readonly string[] | null =>
  readFields(lines, 0, 'all')?.fields.filter((_, i) => i % 2 === 0) ?? null

test.each([
  { name: 'the same', lines: 'Host: a\r\nAccept: b\r\n', names: ['Host', 'Accept'] },
  { name: 'in other letters', lines: 'host: a\r\nACCEPT: b\r\n', names: ['host', 'ACCEPT'] },
  { name: 'without a space', lines: 'Host:a\r\nAccept:b\r\n', names: ['Host', 'Accept'] },
  { name: 'longer ones', lines: 'Hosts: a\r\nAccepts: b\r\n', names: ['Hosts', 'Accepts'] },
  { name: 'shorter ones', lines: 'Hos: t: a\r\nAccep: t: b\r\n', names: ['Hos', 'Accep'] },
  { name: 'as long', lines: 'Hast: a\r\nAccent: b\r\n', names: ['Hast', 'Accent'] },
  { name: 'the other way round', lines: 'Accept: b\r\nHost: a\r\n', names: ['Accept', 'Host'] },
  { name: 'one of them', lines: 'Accept: b\r\n', names: ['Accept'] },
  { name: 'white space before the colon', lines: 'Host : a\r\nAccept: b\r\n', names: null },
  { name: 'no colon', lines: 'Host: a\r\nAccept b\r\n', names: null },
  { name: 'a colon in the next line', lines: 'Host\r\nAccept: b\r\n', names: null },
  { name: 'a folded line', lines: 'Host: a\r\n Accept: b\r\n', names: null },
])('names are read as they came, whatever the message before had: $name', ({ lines, names }) => {
  for (let turn = 0; turn < 2; turn++) {
    expect(namesOf('Host: a\r\nAccept: b\r\n')).toEqual(['Host', 'Accept'])
    expect(namesOf(lines)).toEqual(names)
  }
})
