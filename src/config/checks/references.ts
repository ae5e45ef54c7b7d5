import { didYouMean } from '../diagnostics/suggest.ts'
import type { Path } from '../text/document.ts'
import { actionsOf } from './actions.ts'
import { type CheckContext, errorAt } from './check-context.ts'
import { declarationHint } from './upstream-meant.ts'

/** Checks that the upstreams, routes, rules and clients that are named exist. */
export function checkReferences(context: CheckContext): void {
  const { model, catalogue, report } = context
  const providers = catalogue.providers.map((provider) => provider.name)
  const upstreams = new Set(model.names.upstreams)
  const check = (path: Path, name: string | undefined): void => {
    if (name === undefined || upstreams.has(name)) return
    report({
      hint: 'add it under "upstreams"',
      ...undefinedName(path, 'upstream', name, model.names.upstreams),
      ...declarationHint(name, model.names.upstreams, providers),
    })
  }
  for (const route of model.ruleSets)
    for (const { path, value } of actionsOf(route)) check([...path, 'upstream'], value.upstream)
  checkTests(context, check)
}

function checkTests(
  { model, report }: CheckContext,
  checkUpstream: (path: Path, name: string | undefined) => void,
): void {
  const routes = new Map(model.routes.map((route) => [route.value.name, route]))
  const names = new Set(model.names.routes)
  for (const { path, value } of model.tests) {
    const { route, rule, upstream } = value.expect
    checkUpstream([...path, 'expect', 'upstream'], upstream)
    if (typeof route !== 'string') continue
    const found = routes.get(route)
    if (!names.has(route))
      report(undefinedName([...path, 'expect', 'route'], 'route', route, model.names.routes))
    if (!found?.value.rules || typeof rule !== 'string') continue
    const rules = found.rules.map((part) => part.value.name ?? `rules[${part.index}]`)
    const isWhole = found.rules.length === found.value.rules.length
    if (isWhole && !rules.includes(rule))
      report(undefinedName([...path, 'expect', 'rule'], 'rule', rule, rules))
  }
}

/** An error about a name that stands for nothing. */
export function undefinedName(
  path: Path,
  what: 'upstream' | 'secret' | 'route' | 'rule',
  name: string,
  names: readonly string[],
): ReturnType<typeof errorAt> {
  return errorAt(
    path,
    `undefined-${what}`,
    `there is no ${what} "${name}"`,
    didYouMean(name, names),
  )
}
