import { METHODS } from 'node:http'
import { alsoItems, parsePlacement } from '../language/placement.ts'
import { isScheme, OPAQUE_SCHEMES } from '../language/schemes.ts'
import type { Condition, Placement } from '../shapes/config.generated.ts'
import type { Path } from '../text/document.ts'
import { actionsOf } from './actions.ts'
import { orElse } from './attempt.ts'
import { type CheckContext, warningAt } from './check-context.ts'
import { eachCondition } from './each-condition.ts'
import { findMistyped } from './mistyped-header.ts'

const REAL_METHODS: ReadonlySet<string> = new Set([...METHODS, 'QUERY'])
const MEANT_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Warns of methods and schemes that differ by a letter or two from those that everybody uses: any may be meant. */
export function lintMistypedValues(context: CheckContext): void {
  const { model } = context
  for (const { path, value } of model.routes)
    lintMethods(context, [...path, 'match', 'methods'], value.match.methods)
  const named = new Set<string>()
  for (const { rules } of model.ruleSets)
    for (const { path, value } of rules)
      if (value.if)
        eachCondition(value.if, [...path, 'if'], (condition, at) => {
          lintMethods(context, [...at, 'method'], methodsOf(condition))
          for (const scheme of [condition.credential?.scheme ?? []].flat())
            named.add(scheme.toLowerCase())
        })
  for (const route of model.ruleSets)
    for (const { path, value } of actionsOf(route)) {
      lintHost(context, [...path, 'request', 'host'], value.request?.host)
      if (value.use !== undefined) lintScheme(context, [...path, 'use'], value.use, named)
      for (const [index, item] of alsoItems(value.also).entries()) {
        const at = [...path, 'also', ...(Array.isArray(value.also) ? [index] : [])]
        lintScheme(context, at, item, named)
      }
    }
}

function methodsOf({ method }: Condition): string | readonly string[] | undefined {
  return typeof method === 'string' || Array.isArray(method) ? method : undefined
}

function lintMethods(
  { report }: CheckContext,
  path: Path,
  methods: string | readonly string[] | undefined,
): void {
  for (const [index, method] of [methods ?? []].flat().entries()) {
    const meant = REAL_METHODS.has(method) ? null : findMistyped(method, MEANT_METHODS)
    if (meant === null) continue
    const at = typeof methods === 'string' ? path : [...path, index]
    report(
      warningAt(at, 'mistyped-value', `"${method}" is a method that hardly anybody uses`, {
        hint: `did you mean "${meant}"?`,
      }),
    )
  }
}

const HOST_WORDS = new Set(['preserve'])

function lintHost({ report }: CheckContext, path: Path, host: string | undefined): void {
  if (host === undefined || findMistyped(host, HOST_WORDS) === null) return
  report(
    warningAt(path, 'mistyped-value', `the host is called "${host}" then`, {
      hint: 'did you mean "preserve"?',
    }),
  )
}

function lintScheme(
  { report }: CheckContext,
  path: Path,
  placement: Placement,
  named: ReadonlySet<string>,
): void {
  const read = orElse(() => parsePlacement(placement), null)
  const scheme = read !== null && read.place !== 'none' ? read.scheme : null
  if (scheme === null || isScheme(scheme.toLowerCase(), named)) return
  const meant = findMistyped(scheme.toLowerCase(), OPAQUE_SCHEMES)
  if (meant === null) return
  report(
    warningAt(path, 'mistyped-value', `no service is known to take the scheme "${scheme}"`, {
      hint: `did you mean "${meant}"?`,
    }),
  )
}
