import { PathPatternError, parsePathPattern } from '../language/path-pattern.ts'
import type { RoutePart } from '../schema/model.ts'
import type { DiagnosticCode } from '../shapes/diagnostic-code.ts'
import type { Path } from '../text/document.ts'
import { type CheckContext, errorAt } from './check-context.ts'

/** Checks that names and matches stand only once. */
export function checkDuplicates({ model, report }: CheckContext): void {
  const routes = createOnce('duplicate-route', 'a route', report)
  const matches = createOnce('duplicate-match', '', report)
  for (const route of model.routes) {
    routes(route.value.name, [...route.path, 'name'])
    matches(
      matchKey(route),
      [...route.path, 'match'],
      `this is the match of route`,
      route.value.name,
    )
    const rules = createOnce('duplicate-rule', 'a rule', report)
    for (const { path, value } of route.rules) if (value.name) rules(value.name, [...path, 'name'])
  }
  const tests = createOnce('duplicate-test', 'a test', report)
  for (const { path, value } of model.tests) tests(value.name, [...path, 'name'])
}

type Once = (key: string | null, path: Path, words?: string, name?: string) => void

function createOnce(code: DiagnosticCode, what: string, report: CheckContext['report']): Once {
  const seen = new Map<string, string>()
  return (key, path, words, name = '') => {
    if (key === null) return
    const first = seen.get(key)
    if (first === undefined) return void seen.set(key, name)
    const message = words
      ? `${words} "${first}" already, which takes every such request`
      : `${what} before this one is named "${key}" already`
    report(
      errorAt(path, code, message, {
        hint: words
          ? 'change it, or remove one of the routes'
          : 'names tell them apart in logs and tests; give this one another',
      }),
    )
  }
}

/** Equal for matches that take the same requests; null where the path can't be read. */
export function matchKey({ value: { match } }: RoutePart): string | null {
  const shape = pathShape(match.path)
  if (shape === null) return null
  const { hosts, methods, headers } = match
  return JSON.stringify([
    shape,
    hosts ? [...new Set(hosts.map((host) => host.toLowerCase()))].sort() : null,
    methods ? [...new Set(methods)].sort() : null,
    Object.entries(headers ?? {})
      .map(([name, matcher]) => [name.toLowerCase(), matcher])
      .sort(),
  ])
}

/** A path pattern without the names of its parameters; null where it can't be read. */
export function pathShape(path: string): string | null {
  if (!/\/[:*]/.test(path)) return path
  try {
    const { segments, isPrefix } = parsePathPattern(path)
    const shape = segments.map((segment) => (segment.type === 'literal' ? segment.text : ':'))
    return `/${shape.join('/')}${isPrefix ? '/*' : ''}`
  } catch (error) {
    if (error instanceof PathPatternError) return null
    throw error
  }
}
