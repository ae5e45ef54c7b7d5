import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../src/config/shapes/diagnostic.ts'
import { FileError } from '../../src/files/file-error.ts'
import type { Logger } from '../../src/observability/logger.ts'
import type { ReloadResult } from '../../src/reload/reload.ts'
import { createReloadHistory } from '../../src/reload/reload-history.ts'
import { reportReload } from '../../src/reload/report-reload.ts'

function resultOf(
  outcome: ReloadResult['outcome'],
  parts: Partial<ReloadResult> = {},
): ReloadResult {
  return {
    outcome,
    generation: 3,
    diagnostics: [],
    changes: [],
    needsRestart: [],
    error: null,
    ...parts,
  }
}

function finding(severity: Diagnostic['severity'], line: number): Diagnostic {
  const quoted = { path: 'a', message: 'it quotes FAKE-SECRET', sourceLine: 'FAKE-SECRET' }
  return { file: 'f.yaml', line, column: 2, length: 1, code: 'bad-url', severity, ...quoted }
}

/** The lines that are logged, and how many findings are printed for people, if any are. */
function reported(result: ReloadResult) {
  const lines: unknown[] = []
  const printed: number[] = []
  const heard: string[] = []
  const write = (level: string) => (fields: object, message: string) => {
    lines.push([level, message, fields])
  }
  const levels = {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
  }
  reportReload(result, {
    file: 'f.yaml',
    log: levels as unknown as Logger,
    print: (diagnostics) => printed.push(diagnostics.length),
    onReload: ({ outcome }) => heard.push(outcome),
  })
  return { lines, printed, heard }
}

const FIELDS = { config: 'f.yaml', generation: 3 }

describe('a reload is told in one line', () => {
  test.each([
    [
      'applied',
      { changes: ['one changed'] },
      ['info', 'configuration applied', { ...FIELDS, changes: ['one changed'] }],
    ],
    ['unchanged', {}, ['debug', 'configuration unchanged', FIELDS]],
    ['restored', {}, ['info', 'configuration is the live one again', FIELDS]],
    [
      'unreadable',
      { error: new FileError('missing') },
      [
        'error',
        'configuration unreadable, last good one stays',
        { ...FIELDS, reason: 'there is no such file' },
      ],
    ],
  ] as const)('%s', (outcome, parts, line) => {
    expect(reported(resultOf(outcome, parts))).toEqual({
      lines: [line],
      printed: [],
      heard: [outcome],
    })
  })

  test('a failed one with what was thrown', () => {
    const { lines } = reported(resultOf('failed', { error: new TypeError('x') }))
    expect(lines).toMatchObject([
      ['error', 'reload failed', { ...FIELDS, error: { type: 'TypeError' } }],
    ])
  })

  test('a refused one with the places of its errors, and no word of the file', () => {
    const diagnostics = [finding('warning', 1), finding('error', 7), finding('error', 8)]
    const { lines, printed } = reported(resultOf('refused', { diagnostics }))
    expect(lines).toEqual([
      [
        'error',
        'configuration refused, last good one stays',
        { ...FIELDS, findings: ['f.yaml:7:2 bad-url', 'f.yaml:8:2 bad-url'] },
      ],
    ])
    expect(printed).toEqual([3])
  })

  test('an applied one with warnings prints them, and tells what needs a restart', () => {
    const diagnostics = [finding('warning', 1)]
    const { lines, printed } = reported(
      resultOf('applied', { diagnostics, needsRestart: ['server.listen'] }),
    )
    expect(lines).toEqual([
      ['info', 'configuration applied', { ...FIELDS, changes: [] }],
      ['warn', 'these settings need a restart', { ...FIELDS, settings: ['server.listen'] }],
    ])
    expect(printed).toEqual([1])
  })

  test('lists fifty changes, and how many more there are', () => {
    const changes = Array.from({ length: 52 }, (_, i) => `change ${i}`)
    const listed = (count: number) => {
      const { lines } = reported(resultOf('applied', { changes: changes.slice(0, count) }))
      return (lines as [string, string, { changes: string[] }][])[0]?.[2].changes
    }
    expect(listed(50)).toEqual(changes.slice(0, 50))
    expect(listed(52)).toEqual([...changes.slice(0, 50), 'and 2 more'])
  })
})

describe('the history of reloads', () => {
  const open = () => {
    let second = 0
    return createReloadHistory(() => new Date(Date.UTC(2026, 0, 1, 0, 0, second++)))
  }
  const at = (second: number): string => `2026-01-01T00:00:0${second}.000Z`

  test('begins with nothing, live since its start', () => {
    const history = open()
    expect([history.list(), history.since(), history.refused()]).toEqual([[], at(0), null])
    expect(createReloadHistory().since()).toMatch(/^20\d\d-.*Z$/)
  })

  test('holds the latest first, without those that came to nothing', () => {
    const history = open()
    history.add(resultOf('applied', { changes: ['one'], needsRestart: ['two'] }))
    history.add(resultOf('unchanged'))
    history.add(resultOf('refused', { diagnostics: [finding('error', 1)] }))
    expect(history.list()).toEqual([
      {
        time: at(2),
        outcome: 'refused',
        generation: 3,
        changes: [],
        needsRestart: [],
        diagnostics: [finding('error', 1)],
      },
      {
        time: at(1),
        outcome: 'applied',
        generation: 3,
        changes: ['one'],
        needsRestart: ['two'],
        diagnostics: [],
      },
    ])
  })

  test.each([
    ['applied', at(1), null],
    ['restored', at(0), null],
    ['refused', at(0), 'refused'],
    ['unreadable', at(0), 'unreadable'],
    ['failed', at(0), 'failed'],
    ['unchanged', at(0), null],
  ] as const)(
    'after one that is %s: live since %s, why the file does not run: %s',
    (outcome, since, refused) => {
      const history = open()
      history.add(resultOf(outcome))
      expect([history.since(), history.refused()?.outcome ?? null]).toEqual([since, refused])
    },
  )

  test('what was refused counts until the next that is not', () => {
    const history = open()
    history.add(resultOf('refused'))
    history.add(resultOf('restored'))
    expect(history.refused()).toBe(null)
  })

  test('keeps fifty, with a hundred lines of each', () => {
    const history = open()
    const changes = Array.from({ length: 101 }, (_, i) => `change ${i}`)
    const diagnostics = changes.map((_, i) => finding('error', i + 1))
    for (let i = 0; i < 50; i++) history.add(resultOf('applied', { generation: i }))
    expect(history.list().length).toBe(50)
    history.add(resultOf('refused', { generation: 50, changes, diagnostics }))
    const list = history.list()
    expect([list.length, list[0]?.generation, list.at(-1)?.generation]).toEqual([50, 50, 1])
    expect(list[0]?.changes).toEqual(changes.slice(0, 100))
    expect(list[0]?.diagnostics).toEqual(diagnostics.slice(0, 100))
  })
})
