import { expect, test } from 'vitest'
import type { Logger } from '../../src/observability/logger.ts'
import { withShadow } from '../../src/reload/shadow.ts'
import { createShadowLog } from '../../src/reload/shadow-log.ts'
import { createSnapshotStore } from '../../src/reload/snapshot-store.ts'
import type { Decision } from '../../src/routing/decide/decision.ts'
import { compileText, view } from '../support/compile-text.ts'

const text = (name: string): string => `version: 1
upstreams: { up: { url: https://up.test, accepts: [unknown] } }
routes: [{ name: ${name}, match: { path: /* }, upstream: up }]
`

function createLog(): { readonly log: Logger; readonly lines: unknown[] } {
  const lines: unknown[] = []
  const info = (fields: object, message: string): void => void lines.push([message, fields])
  return { log: { info } as unknown as Logger, lines }
}

const DIFFERENCES = [{ what: 'route', before: 'a', after: 'b' }]
const live = { route: 'a' } as Decision

test('each way to differ is logged once, at ten times, at a hundred', () => {
  const { log, lines } = createLog()
  const onDifference = createShadowLog(log)
  for (let i = 0; i < 120; i++) onDifference(DIFFERENCES, live, view('/', [], { id: `id-${i}` }))
  onDifference(DIFFERENCES, { ...live, route: 'c' }, view('/', [], { id: 'id-c', method: 'POST' }))
  const line = (id: string, times: number) => [
    'shadow decides otherwise',
    { id, method: 'GET', route: 'a', times, differences: DIFFERENCES },
  ]
  expect(lines).toEqual([
    line('id-0', 1),
    line('id-9', 10),
    line('id-99', 100),
    [
      'shadow decides otherwise',
      { id: 'id-c', method: 'POST', route: 'c', times: 1, differences: DIFFERENCES },
    ],
  ])
})

test('a thousand ways are told apart, and go on being counted', () => {
  const { log, lines } = createLog()
  const onDifference = createShadowLog(log)
  const differ = (route: number): void =>
    onDifference(DIFFERENCES, { ...live, route: `r${route}` }, view('/'))
  for (let i = 0; i < 1005; i++) differ(i)
  expect(lines.length).toBe(1000)
  for (let i = 0; i < 9; i++) differ(0)
  expect(lines.length).toBe(1001)
  differ(1004)
  expect(lines.length).toBe(1001)
})

test('every snapshot that is compiled decides by the present shadow too', async () => {
  const told: string[] = []
  const shadow = createSnapshotStore(compileText(text('b')))
  const compile = withShadow(
    (written) => ({ snapshot: compileText(written), diagnostics: [] }),
    shadow,
    (differences, decision, request) =>
      told.push(`${decision.route} ${request.target} ${differences[0]?.after}`),
  )
  const { snapshot, diagnostics } = await compile(text('a'), 1)
  expect(diagnostics).toEqual([])
  expect(snapshot?.generation).toBe(1)
  expect(snapshot?.table.decide(view('/x')).route).toBe('a')
  shadow.swap(compileText(text('c')))
  snapshot?.table.decide(view('/y'))
  shadow.swap(compileText(text('a')))
  snapshot?.table.decide(view('/z'))
  expect(told).toEqual(['a /x b', 'a /y c'])
})

test('a text that is refused stays so', async () => {
  const shadow = createSnapshotStore(compileText(text('b')))
  const refuse = withShadow(
    () => ({ snapshot: null, diagnostics: [] }),
    shadow,
    () => undefined,
  )
  expect(await refuse('', 1)).toEqual({ snapshot: null, diagnostics: [] })
})
