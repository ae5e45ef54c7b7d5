import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { loadConfig } from '../../src/config/load.ts'
import { parseDocument } from '../../src/config/text/parse-document.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { createClassifier } from '../../src/credentials/classify.ts'
import { compileSnapshot } from '../../src/loading/compile-snapshot.ts'
import type { Decision, Forward } from '../../src/routing/decide/decision.ts'
import type { RouteTable } from '../../src/routing/route-table.ts'
import type { RequestView } from '../../src/routing/rules/request-view.ts'
import { standInSecret } from '../../src/testing/request.ts'
import { view } from '../support/compile-text.ts'
import { config, headers, target, type Written } from './arbitrary-config.ts'

const catalogue = loadCatalogue()
const RUNS = Number(process.env.PROPERTY_RUNS ?? 100)
/** Of the generated files, those that only mean something silly; any other finding is a defect. */
const SILLY = /^(unreachable-rule|never-holds|duplicate-match|same-match)$/

/** Compiles a generated configuration; null where it is one that Keyway refuses for its meaning. */
function compile(written: Written): RouteTable | null {
  const { snapshot, diagnostics } = compileSnapshot(
    { file: 'generated.yaml', text: stringify(written) },
    { catalogue, env: { OWN: 'unused' }, generation: 1, readSecret: standInSecret },
  )
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  expect(errors.filter(({ code }) => !SILLY.test(code))).toEqual([])
  return snapshot?.table ?? null
}

function forAll(check: (table: RouteTable, request: RequestView, written: Written) => void): void {
  const method = fc.constantFrom('GET', 'POST')
  fc.assert(
    fc.property(
      config,
      fc.array(fc.tuple(target, headers, method), { minLength: 1, maxLength: 5 }),
      (written, requests) => {
        const table = compile(written)
        fc.pre(table !== null)
        for (const [path, fields, verb] of requests)
          check(table, view(path, fields, { method: verb }), written)
      },
    ),
    { numRuns: RUNS },
  )
}

const KNOWN = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'xi-api-key']

/** What leaves in any place that a credential can stand in on its route. */
function leaving(decision: Forward, written: Written): string[] {
  const route = JSON.stringify(written.routes.find(({ name }) => name === decision.route))
  const places = new Set(/x-own-key/i.test(route) ? [...KNOWN, 'x-own-key'] : KNOWN)
  const query = route.includes('query key') ? (decision.target.split('?')[1] ?? '') : ''
  const inQuery = query.split('&').filter((pair) => pair.startsWith('key='))
  const inHeaders = decision.headers.filter(
    (_, i, all) => i % 2 === 1 && places.has((all[i - 1] as string).toLowerCase()),
  )
  return [...inHeaders, ...inQuery]
}

/** The value in a field or a parameter, without its scheme. */
function bareValue(field: string): string {
  return decodeURIComponent(field.replace(/^key=/, '')).split(' ').at(-1) as string
}

const bare = (decision: Decision): object => ({ ...decision, editResponse: null, fallback: null })

describe('whatever the file and the request', () => {
  test('a decision is made, and at most one credential leaves', () => {
    forAll((table, request, written) => {
      const decision = table.decide(request)
      if (decision.action === 'reject') expect(JSON.stringify(decision)).not.toContain('FAKE')
      else expect(leaving(decision, written).length).toBeLessThanOrEqual(1)
    })
  })

  test('what leaves is the one credential that came, or the secret', () => {
    forAll((table, request, written) => {
      const decision = table.decide(request)
      if (decision.action === 'reject') return
      const sent = [request.target, ...request.headers].join('\n')
      for (const field of leaving(decision, written)) {
        const value = bareValue(field)
        expect(value === standInSecret('own') || sent.includes(value)).toBe(true)
      }
    })
  })

  test('no credential leaves for an upstream that does not accept its kind', () => {
    const classify = createClassifier(catalogue.kinds)
    forAll((table, request, written) => {
      const decision = table.decide(request)
      if (decision.action === 'reject' || decision.upstream.config.accepts === null) return
      for (const field of leaving(decision, written)) {
        const value = bareValue(field)
        if (value !== standInSecret('own'))
          expect(decision.upstream.config.accepts).toContain(classify(value).name)
      }
    })
  })

  test('explain says what decide does', () => {
    forAll((table, request) => {
      expect(bare(table.explain(request).decision)).toEqual(bare(table.decide(request)))
    })
  })

  test('parse, print, parse is the identity', () => {
    fc.assert(
      fc.property(config, (written) => {
        const read = (text: string): unknown => parseDocument(text, 1e6).document?.value
        const first = read(stringify(written))
        expect(first).toEqual(written)
        expect(read(stringify(first))).toEqual(first)
        const load = (value: unknown): unknown =>
          loadConfig(
            { file: 'generated.yaml', text: stringify(value) },
            { catalogue, env: { OWN: 'x' } },
          ).config
        expect(load(first)).toEqual(load(written))
      }),
      { numRuns: RUNS },
    )
  })
})
