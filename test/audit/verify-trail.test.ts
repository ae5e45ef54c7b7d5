import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GENESIS, type Link, writeAuditLine } from '../../src/audit/audit-line.ts'
import { type TrailReport, TrailVerifier } from '../../src/audit/verify-trail.ts'

/** Lines of a trail, each with its line feed. */
function trailOf(count: number, after: Link = GENESIS): string[] {
  let link = after
  return Array.from({ length: count }, (_, index) => {
    const line = writeAuditLine({ outcome: 'used', secret: 'k', id: `id-${index}` }, link)
    link = line.link
    return line.text
  })
}

function verify(text: string | Buffer, from: string | null = null): TrailReport {
  const verifier = new TrailVerifier(from)
  verifier.beginFile('a')
  let rest = Buffer.from(text)
  for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
    verifier.take(rest.subarray(0, end))
    rest = rest.subarray(end + 1)
  }
  if (rest.length > 0) verifier.takeTorn(rest)
  return verifier.finish()
}

const five = trailOf(5)
const [one = '', two = '', three = '', four = '', last = ''] = five
const hashOf = (line: string): string => JSON.parse(line).hash
const again = (line: string, fields: object): string => {
  const { n, prev, hash: _, ...rest } = JSON.parse(line)
  return writeAuditLine({ ...rest, ...fields }, { number: n - 1, hash: prev }).text
}

test.each([
  { name: 'all of it', lines: five, expected: { lines: 5, first: 1 } },
  { name: 'one line', lines: [one], expected: { lines: 1, first: 1 } },
  { name: 'nothing', lines: [], expected: { lines: 0, first: null, last: null } },
  {
    name: 'what a chain can not show: its last lines are missing',
    lines: [one, two, three],
    expected: { lines: 3, first: 1, last: { number: 3, hash: hashOf(three) } },
  },
])('intact: $name', ({ lines, expected }) => {
  expect(verify(lines.join(''))).toMatchObject({ ...expected, break: null })
})

test('intact: what follows the hash of a file before', () => {
  const rest = [three, four, last].join('')
  expect(verify(rest, hashOf(two))).toMatchObject({ lines: 3, first: 3, break: null })
})

const broken = [
  {
    name: 'a word in a line',
    lines: [one, two.replace('used', 'lent'), three],
    found: { line: 2, kind: 'edited', reason: 'its hash is not that of its text' },
  },
  {
    name: 'a number in a line',
    lines: [one, two.replace('"n":2', '"n":7'), three],
    found: { line: 2, kind: 'edited', reason: 'its hash is not that of its text' },
  },
  {
    name: 'a line and its hash with it',
    lines: [one, again(two, { secret: 'other' }), three],
    found: {
      line: 3,
      kind: 'edited',
      reason: 'it does not follow from the line before, which was written anew',
    },
  },
  {
    name: 'the first line is gone',
    lines: [two, three],
    found: { line: 1, kind: 'removed', reason: 'before it is missing number 1' },
  },
  {
    name: 'lines in between are gone',
    lines: [one, four, last],
    found: { line: 2, kind: 'removed', reason: 'before it is missing number 2 to 3' },
  },
  {
    name: 'two lines have changed places',
    lines: [one, three, two, four],
    found: {
      line: 2,
      kind: 'reordered',
      reason: 'number 2, which belongs here, stands further down',
    },
  },
  {
    name: 'a line has moved to the end',
    lines: [one, three, four, last, two],
    found: { line: 2, kind: 'reordered' },
  },
  {
    name: 'a line of long ago stands here',
    lines: [one, two, three, one],
    found: { line: 4, kind: 'reordered', reason: 'number 1 stands where 4 belongs' },
  },
  {
    name: 'a line stands here twice',
    lines: [one, two, two, three],
    found: { line: 3, kind: 'repeated', reason: 'number 2 stands here once more' },
  },
  {
    name: 'an empty line',
    lines: [one, '\n', two],
    found: { line: 2, kind: 'edited', reason: 'this is no line of an audit trail' },
  },
  {
    name: 'line ends of another system',
    lines: [one.replace('\n', '\r\n'), two],
    found: { line: 1, kind: 'edited', reason: 'this is no line of an audit trail' },
  },
  {
    name: 'the last line is broken off',
    lines: [one, two.slice(0, 60)],
    found: { line: 2, kind: 'torn', reason: 'the line is broken off' },
  },
  {
    name: 'the last line feed is gone',
    lines: [one, two.trimEnd()],
    found: { line: 2, kind: 'torn', reason: 'the line is broken off' },
  },
  {
    name: 'a beginning that names another past',
    lines: trailOf(2, { number: 0, hash: 'a'.repeat(64) }),
    found: { line: 1, kind: 'unrelated', reason: 'it does not follow from nothing' },
  },
]

test.each(broken)('found: $name', ({ lines, found }) => {
  expect(verify(lines.join('')).break).toMatchObject({ file: 'a', ...found })
})

test('lines that follow another hash than the one that was given', () => {
  expect(verify(three, hashOf(one)).break).toMatchObject({ line: 1, kind: 'unrelated' })
})

describe('any single edit is found', () => {
  const bytes = Buffer.from([one, two, three].join(''))
  const isFound = (edited: Buffer): boolean => verify(edited).break !== null

  test('each byte that is another, missing, or not alone', () => {
    const unseen: string[] = []
    for (let at = 0; at < bytes.length; at++) {
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)]
      const byte = bytes[at] as number
      for (const other of [byte ^ 1, byte ^ 0x20, 0x0a, 0x00])
        if (other !== byte && !isFound(Buffer.concat([before, Buffer.of(other), after])))
          unseen.push(`${at} as ${other}`)
      if (!isFound(Buffer.concat([before, after]))) unseen.push(`${at} missing`)
      if (!isFound(Buffer.concat([before, Buffer.of(byte), bytes.subarray(at)])))
        unseen.push(`${at} twice`)
    }
    expect(unseen).toEqual([])
  })

  test('any stretch that is replaced by anything', () => {
    const edits = fc.record({
      at: fc.nat(bytes.length),
      length: fc.nat(80),
      by: fc.uint8Array({ maxLength: 80 }),
    })
    fc.assert(
      fc.property(edits, ({ at, length, by }) => {
        const edited = Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + length)])
        const isCutAtALine = bytes.subarray(0, edited.length).equals(edited) && edited.at(-1) === 10
        fc.pre(!edited.equals(bytes) && !isCutAtALine && edited.length > 0)
        expect(isFound(edited)).toBe(true)
      }),
      { seed: 20_261_128, numRuns: 2_000 },
    )
  })

  test('any other order or choice of lines than a beginning of them', () => {
    const choices = fc.array(fc.constantFrom(0, 1, 2, 3, 4), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(choices, (choice) => {
        fc.pre(choice.some((line, at) => line !== at))
        expect(verify(choice.map((line) => five[line]).join('')).break).not.toBeNull()
      }),
      { seed: 20_261_128, numRuns: 2_000 },
    )
  })
})
