import { describe, expect, test } from 'vitest'
import { createKindScanner, decodings } from '../../../src/config/naming/kind-scanner.ts'
import { splitBasic } from '../../../src/config/naming/prefix-table.ts'
import { replaceUserInfo } from '../../../src/config/naming/user-info.ts'
import type { NormalKind } from '../../../src/config/shapes/normal-config.ts'

const KINDS: readonly NormalKind[] = [
  { name: 'long', prefixes: ['acme-long-'] },
  { name: 'longer', prefixes: ['acme-long-er-'] },
  { name: 'short', prefixes: ['sk-'] },
  { name: 'medium', prefixes: ['gsk_'] },
  { name: 'ambiguous', prefixes: ['key-'], ambiguous: true },
  { name: 'shaped', prefixes: ['tok_'], shape: '^tok_[0-9a-f]{8}$' },
  { name: 'pattern', matches: '^[0-9]{10}$' },
  { name: 'telling', prefixes: ['tell--'] },
  { name: 'letter', prefixes: ['q'] },
  { name: 'two', prefixes: ['zz'] },
  { name: 'four', prefixes: ['four'] },
  { name: 'with a slash', prefixes: ['acme/'] },
]

/** Built anew for each test, so that what builds it is tested by them. */
const scan = () => createKindScanner([...KINDS])
const found = (text: string): string | null => scan().find(text, () => true)?.name ?? null

const rows: readonly [string, string | null][] = [
  ['acme-long-FAKE', 'long'],
  ['acme-long-FAK', null],
  ['acme-long-fake', 'long'],
  ['acme-long-er-FAKE', 'longer'],
  ['a text with acme-long-FAKE in it', 'long'],
  ['"acme-long-FAKE"', 'long'],
  ['x=acme-long-FAKE;', 'long'],
  ['/acme-long-FAKE/', 'long'],
  ['xacme-long-FAKE', null],
  ['9acme-long-FAKE', null],
  ['_acme-long-FAKE', null],
  ['-acme-long-FAKE', null],
  ['\u00e9acme-long-FAKE', 'long'],
  ['%22acme-long-FAKE', 'long'],
  ['%zzacme-long-FAKE', null],
  ['acme%2Dlong%2DFAKE', 'long'],
  ['acme%252Dlong%252DFAKE', 'long'],
  ['sk-FAKE1234', 'short'],
  ['sk-FAKE123', null],
  ['sk-fakefakefake', null],
  ['sk-learning-rate-of-models', null],
  ['sk-abc-FAKE1234', 'short'],
  ['gsk_FAKE12', 'medium'],
  ['gsk_FAKE1', null],
  ['key-FAKE12345678', 'ambiguous'],
  ['key-FAKE1234567', null],
  ['tok_0123abcd', 'shaped'],
  ['tok_0123abcde', null],
  ['0123456789', null],
  [btoa('acme-long-FAKE'), 'long'],
  [`x ${btoa('acme-long-FAKE')} y`, 'long'],
  [btoa('acme-wide-FAKE'), null],
  [`Basic ${btoa('user:acme-long-FAKE')}`, 'long'],
  [`basic ${btoa('acme-long-FAKE:')}`, 'long'],
  [`Basic ${btoa('user:word')}`, null],
  ['', null],
  // A prefix of six characters tells by itself, one of two is the shortest.
  ['tell--fake', 'telling'],
  ['tell--fak', null],
  ['qFAKE1234FAKE1234', null],
  ['zzFAKE1234', 'two'],
  ['zzFAKE123', null],
  // Of a word, only what is in a row looks random.
  ['sk-FAKE_FAKE', null],
  ['sk-fake_FAKE1234', 'short'],
  ['sk-FAKE-fakefake', null],
  ['sk-FAKE123\u00e9', null],
  ['acme-long-fa\u00e9ke', null],
  // In base64 a prefix of two bytes tells nothing.
  [btoa('sk-FAKE1234'), 'short'],
  [btoa('zzFAKE1234'), null],
  [btoa('gsk_FAKE1234'), 'medium'],
  ['Basic', null],
  [`Basic${btoa('user:acme-long-FAKE')}`, null],
  [`bASIC \t ${btoa('acme-long-FAKE')}`, 'long'],
  ['Basic ', null],
  ['x%61cme-long-FAKE', null],
  [`%62asic ${btoa('user:acme-long-FAKE')}`, 'long'],
  ['tok_0123abcd/', null],
  ['(tok_0123abcd)', 'shaped'],
]

describe('what a text holds that the kinds can name', () => {
  test.each(rows)('%j: %s', (text, kind) => {
    expect(found(text)).toBe(kind)
  })

  test('the first that is meant, with its characters', () => {
    const text = 'sk-FAKE1234 and acme-long-FAKE.x~y+z/1=%, acme-long-OTHER'
    const seen: string[] = []
    const kind = scan().find(text, ({ name }, piece) => {
      seen.push(piece)
      return name === 'long'
    })
    expect(kind?.name).toBe('long')
    expect(seen).toEqual(['sk-FAKE1234', 'acme-long-FAKE.x~y+z/1=%'])
  })

  test('one after another', () => {
    const text = 'acme-long-FAKE acme-long-TEST'
    const scanner = scan()
    const first = scanner.next(text, 0, 'sent')
    const second = scanner.next(text, first?.end ?? 0, 'sent')
    expect([first, second].map((piece) => [piece?.start, piece?.end])).toEqual([
      [0, 14],
      [15, 29],
    ])
    expect(scanner.next(text, second?.end ?? 0, 'sent')).toBe(null)
  })

  test.each([
    ['sk-F1-x', 'short'],
    ['sk-fake', null],
    ['sk-F12', null],
    ['acme-long-fake', 'long'],
    ['acme-long-fak', null],
  ])('hides sooner than it refuses: %j', (text, kind) => {
    expect(scan().next(text, 0, 'shown')?.kind.name ?? null).toBe(kind)
  })

  test.each([
    ['acme-long-fake', 'long'],
    ['acme-long-fak', null],
    ['key-abcdefghijklmnop', 'ambiguous'],
    ['key-abcdefghijklmno', null],
    ['tok_0123456789abcdef', 'shaped'],
    ['eightly', null],
  ])('in a file what is long enough is one: %j', (text, kind) => {
    expect(scan().next(text, 0, 'written')?.kind.name ?? null).toBe(kind)
  })

  test('the longest prefix wins, though it says no', () => {
    // A shorter one would take it: "acme-long-" and four letters.
    expect(found('acme-long-er-FAK')).toBe(null)
  })

  test.each(['00', '99', 'AA', 'FF', 'aa', 'ff', '09', 'aF'])(
    'begins behind a percent sign and %s',
    (digits) => {
      const text = `acme-long- z%${digits}acme-long-FAKE`
      expect(scan().next(text, 0, 'sent')?.start).toBe(15)
    },
  )

  test.each(['2-', '-2', '2g', 'g2', 'Gg', 'z2', '2Z', '_a'])(
    'begins not behind a percent sign and %s',
    (two) => {
      expect(scan().next(`acme-long- z%${two}acme-long-FAKE`, 0, 'sent')).toBe(null)
    },
  )

  test('begins not within a word, where the search does', () => {
    const scanner = scan()
    expect(scanner.next('xacme-long-FAKE', 1, 'sent')).toBe(null)
    expect(scanner.next(' acme-long-FAKE', 1, 'sent')?.start).toBe(1)
    expect(scanner.next('x acme-long-FAKE', 1, 'sent')?.start).toBe(2)
  })

  test.each([
    ['/acme-long-FAKE/more', 'acme-long-FAKE'],
    ['/acme/FAKE1234/more', 'acme/FAKE1234/more'],
    ['acme-long-FAKE/more', 'acme-long-FAKE/more'],
    [`Basic \t ${btoa('u:acme-long-FAKE')} x`, `Basic \t ${btoa('u:acme-long-FAKE')}`],
    ['acme-long-FAKE x', 'acme-long-FAKE'],
  ])('of %j it is %j', (text, piece) => {
    const { start = 0, end = 0 } = scan().next(text, 0, 'sent') ?? {}
    expect(text.slice(start, end)).toBe(piece)
  })

  test('is not looked for in a text that decodes to itself', () => {
    const asked: string[] = []
    scan().find('100% acme-long-FAKE', (_, piece) => {
      asked.push(piece)
      return false
    })
    expect(asked).toEqual(['acme-long-FAKE'])
  })

  test('of a user it is hidden sooner than refused, of a password always', () => {
    const asUser = `Basic ${btoa('sk-F1-x:')}`
    const asPassword = `Basic ${btoa('u:sk-F1-x')}`
    expect(found(asUser)).toBe(null)
    expect(scan().next(asUser, 0, 'shown')?.kind.name).toBe('short')
    expect(found(asPassword)).toBe('short')
  })

  test.each([
    ['acme-long-', true],
    ['x acme-long-er-', true],
    ['tok_', true],
    ['%22sk-', true],
    ['xsk-', false],
    ['-sk-', false],
    ['acme', false],
    [`x ${btoa('acme-long-FAKE')}`, true],
    ['a bAsIc b', true],
    ['none', false],
    ['', false],
  ])('%j may hold one: %s', (text, isSo) => {
    expect(scan().mayHold(text)).toBe(isSo)
  })

  test('without kinds it is nothing', () => {
    expect(createKindScanner([]).find('acme-long-FAKE Basic dTpw', () => true)).toBe(null)
  })
})

describe('the user and the password of a URL', () => {
  const hidden = (text: string) => replaceUserInfo(text, (userInfo) => `<${userInfo}>`)
  test.each([
    ['https://u:p@host/x', 'https://<u:p@>host/x'],
    ['HTTPS://u@host', 'HTTPS://<u@>host'],
    ['git+ssh://@host', 'git+ssh://<@>host'],
    ['a http://u:p@h b s3.x-1://v@i', 'a http://<u:p@>h b s3.x-1://<v@>i'],
    ['https://host/u@p', 'https://host/u@p'],
    ['https://host?u@p', 'https://host?u@p'],
    ['https://host#u@p', 'https://host#u@p'],
    ['https://a b@host', 'https://a b@host'],
    ['"https://a"b@host', '"https://a"b@host'],
    ['<https://a>b@host', '<https://a>b@host'],
    ['u:p@host', 'u:p@host'],
    ['1://u@host', '1://u@host'],
    ['https://u@p@host', 'https://<u@>p@host'],
    ['none', 'none'],
  ])('of %j: %j', (text, wanted) => {
    expect(hidden(text)).toBe(wanted)
  })
})

test.each([
  ['a-b', []],
  ['%zz', []],
  ['a%2Db%zz%c3%A9', ['a-b%zz\u00c3\u00a9']],
  ['a%252D', ['a%2D', 'a-']],
  ['%252525252D', ['%2525252D', '%25252D', '%252D', '%2D']],
])('%s is decoded as often as that changes it, four times at most', (text, decoded) => {
  expect(decodings(text)).toEqual(decoded)
})

test.each([
  ['user:pass:word', 'user', 'pass:word'],
  ['user', 'user', ''],
  [':pass', '', 'pass'],
])('%s is user and password', (decoded, user, password) => {
  expect(splitBasic(decoded)).toEqual({ user, password })
})
