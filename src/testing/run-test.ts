import type { Test } from '../config/shapes/config.generated.ts'
import type { NormalConfig } from '../config/shapes/normal-config.ts'
import { fieldPairs } from '../http/fields/field-pairs.ts'
import { lowerName } from '../http/fields/header-names.ts'
import type { Decision } from '../routing/decide/decision.ts'
import type { RouteTable } from '../routing/route-table.ts'
import { compileMatcher, describeMatcher } from '../routing/rules/matcher.ts'
import type { RequestView } from '../routing/rules/request-view.ts'
import { standInSecret, viewOfTest } from './request.ts'

/** One thing that was not as expected. */
export interface Difference {
  /** Such as `route` or `header x-api-key`. */
  readonly what: string
  readonly wanted: string
  readonly got: string
}

/** What came of one test; it passed where nothing differs. */
export interface TestResult {
  readonly test: Test
  readonly request: RequestView
  readonly decision: Decision
  readonly differences: readonly Difference[]
}

/** Decides a test's request and compares; the table must have stand-ins for secrets and clients. */
export function runTest(test: Test, config: NormalConfig, table: RouteTable): TestResult {
  const request = viewOfTest(test, config)
  const decision = table.decide(request)
  return { test, request, decision, differences: compare(test.expect, decision) }
}

type Expect = Test['expect']

function compare(expect: Expect, decision: Decision): Difference[] {
  const differences = [
    compareName('route', expect.route, decision.route),
    compareName('rule', expect.rule, decision.rule),
    compareStatus(expect, decision),
  ]
  if (decision.action === 'forward') {
    differences.push(compareName('upstream', expect.upstream, decision.upstream.config.name))
    differences.push(compareName('path', expect.path, decision.target))
    for (const [name, wanted] of Object.entries(expect.headers ?? {}))
      differences.push(compareHeader(name, wanted, decision.headers))
  }
  return differences.filter((difference) => difference !== null)
}

function compareName(
  what: string,
  wanted: string | null | undefined,
  got: string | null,
): Difference | null {
  if (wanted === undefined || wanted === got) return null
  return { what, wanted: wanted ?? 'none', got: got ?? 'none' }
}

/** A request that was to leave must, and one that was to be refused must not. */
function compareStatus(expect: Expect, decision: Decision): Difference | null {
  const leaves = expect.upstream ?? expect.path ?? expect.headers
  if (decision.action === 'forward') {
    if (expect.status === undefined) return null
    return { what: 'status', wanted: String(expect.status), got: 'forwarded' }
  }
  const got = `${decision.status} ${decision.code}: ${decision.message}`
  if (expect.status !== undefined)
    return expect.status === decision.status
      ? null
      : { what: 'status', wanted: String(expect.status), got }
  return leaves === undefined ? null : { what: 'status', wanted: 'forwarded', got }
}

type Wanted = NonNullable<Expect['headers']>[string]

function compareHeader(name: string, wanted: Wanted, fields: readonly string[]): Difference | null {
  const got = valuesOf(name, fields)
  if (holds(wanted, got)) return null
  return { what: `header ${name}`, wanted: describe(wanted), got: got.join(' | ') || 'absent' }
}

function valuesOf(name: string, fields: readonly string[]): string[] {
  const lower = lowerName(name)
  return fieldPairs(fields)
    .filter(([field]) => lowerName(field) === lower)
    .map(([, value]) => value)
}

function holds(wanted: Wanted, got: readonly string[]): boolean {
  if (wanted === null) return got.length === 0
  if (typeof wanted === 'string' || Array.isArray(wanted)) {
    const values = [wanted].flat().map(fillSecrets)
    return values.length === got.length && values.every((value, index) => value === got[index])
  }
  const value = got.length === 0 ? undefined : got.join(', ')
  return compileMatcher(wanted)(value, () => undefined)
}

function fillSecrets(value: string): string {
  return value.replaceAll(/\$\{secret\.([A-Za-z0-9._-]+)\}/g, (_, name: string) =>
    standInSecret(name),
  )
}

function describe(wanted: Wanted): string {
  if (wanted === null) return 'absent'
  if (typeof wanted === 'string' || Array.isArray(wanted)) return [wanted].flat().join(' | ')
  return describeMatcher(wanted)
}
