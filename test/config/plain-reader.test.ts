import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { findSpan } from '../../src/config/diagnostics/find-span.ts'
import { type Document, isContainer, type Path } from '../../src/config/text/document.ts'
import { readPlain } from '../../src/config/text/plain/plain-reader.ts'
import { readYaml } from '../../src/config/text/yaml-reader.ts'

const root = new URL('../../', import.meta.url)

function textsIn(folder: string): { name: string; text: string }[] {
  return readdirSync(new URL(folder, root))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ name, text: readFileSync(new URL(folder + name, root), 'utf8') }))
}

const files = [
  ...textsIn('config/'),
  ...textsIn('config/examples/'),
  ...textsIn('test/fixtures/diagnostics/'),
]

/** What the plain reader does not give up on, the full parser reads without complaint, and as the same. */
function expectAgreement(text: string): void {
  const plain = readPlain(text)
  if (plain === null) return
  const full = readYaml(text)
  expect(full.findings).toEqual([])
  expect(plain.value).toEqual(full.document?.value)
  expect(places(plain)).toEqual(places(full.document as Document))
}

/** Where all keys and scalars stand, and where maps and lists begin. */
function places(document: Document): string[] {
  const found: string[] = []
  const visit = (node: unknown, path: Path): void => {
    const key = findSpan(document, path, 'key')
    const value = findSpan(document, path, 'value')
    const end = isContainer(node) ? '' : value.end
    found.push(
      `${path.join('.')} ${key.start}-${isContainer(node) ? '' : key.end} ${value.start}-${end}`,
    )
    if (!isContainer(node)) return
    for (const [step, child] of Object.entries(node))
      visit(child, [...path, Array.isArray(node) ? Number(step) : step])
  }
  if (isContainer(document.value))
    for (const [step, child] of Object.entries(document.value)) visit(child, [step])
  return found
}

describe('the plain reader agrees with the full parser', () => {
  test.each(files.filter(({ text }) => readPlain(text) !== null))('on $name', ({ text }) => {
    expectAgreement(text)
  })

  test('and leaves to it only what is hard to read, or wrong', () => {
    const left = files.filter(({ text }) => readPlain(text) === null)
    expect(left.map(({ name }) => name).toSorted()).toEqual([
      'alias-bomb.yaml',
      'alias-cycle.yaml',
      'duplicate-key.yaml',
      'empty-file.yaml',
      'retry.yaml',
      'several-documents.yaml',
      'syntax-and-more.yaml',
      'syntax-tab.yaml',
      'syntax.yaml',
    ])
  })

  test('on any value, however it is printed', () => {
    const key = fc.oneof(
      fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_-]{0,6}$/),
      fc.constantFrom('a b', 'x:y', '1', 'true', "it's", '#', '- a', ''),
    )
    const scalar = fc.oneof(
      fc.boolean(),
      fc.constant(null),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        '^sk-ant-',
        '127.0.0.1:80',
        'a: b',
        'a #b',
        '0x1F',
        '.5',
        '~',
        'No',
        '/x/*',
        '1e3',
      ),
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        scalar,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    }))
    const options = fc.record({
      indent: fc.constantFrom(2, 3, 4),
      indentSeq: fc.boolean(),
      collectionStyle: fc.constantFrom('any' as const, 'flow' as const),
      lineWidth: fc.constantFrom(0, 40),
      singleQuote: fc.constantFrom(null, true, false),
    })
    fc.assert(
      fc.property(value, options, (data, how) => expectAgreement(stringify(data, how))),
      { numRuns: 300 },
    )
  })

  test('on files with anything written into them', () => {
    const scraps = fc.constantFrom(
      ...[
        ' ',
        '\n',
        ':',
        ': ',
        '- ',
        '#',
        ' #',
        '{',
        '}',
        '[',
        ']',
        ',',
        '"',
        "'",
        '&a ',
        '*a',
        '|',
        '>',
      ],
      ...[
        '!',
        '%',
        '@',
        '?',
        '? ',
        '\\',
        '~',
        '0',
        '-',
        '\r\n',
        '  ',
        '---',
        'x',
        '1.5',
        '\u00e9',
        '\u{1f511}',
      ],
    )
    const edit = fc.record({ at: fc.nat(), cut: fc.nat({ max: 3 }), scrap: scraps })
    const sample = fc.constantFrom(...files.map(({ text }) => text.slice(0, 1500)))
    fc.assert(
      fc.property(sample, fc.array(edit, { minLength: 1, maxLength: 3 }), (text, edits) => {
        const edited = edits.reduce((rest, { at, cut, scrap }) => {
          const place = at % (rest.length + 1)
          return rest.slice(0, place) + scrap + rest.slice(place + cut)
        }, text)
        expectAgreement(edited)
      }),
      { numRuns: 1000 },
    )
  })

  test('and reads what a configuration is made of by itself', () => {
    const shipped = files.filter(({ name }) => name === 'routes.yaml' || name === 'sentences.yaml')
    expect(shipped.map(({ text }) => readPlain(text) !== null)).not.toContain(false)
  })
})
