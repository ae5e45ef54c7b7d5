import type { RoutePart } from '../schema/model.ts'
import { type ActionPart, actionsOf } from './actions.ts'
import { type CheckContext, warningAt } from './check-context.ts'

/** Warns of upstreams that take any credential, on routes that add a secret: a client's own key of another service would go there too. */
export function lintOpenUpstreams({ model, report }: CheckContext): void {
  const open = new Map(
    model.upstreams
      .filter(({ value }) => value.accepts === undefined && value.provider === undefined)
      .filter(({ value }) => !value.url?.startsWith('builtin:'))
      .map((part) => [part.name, part]),
  )
  for (const route of model.ruleSets)
    for (const name of secretUpstreams(route)) {
      const part = open.get(name)
      if (!part) continue
      open.delete(name)
      report(
        warningAt(
          part.path,
          'open-upstream',
          `the route "${route.value.name}" sends a secret to "${name}", which does not say what it accepts: a client's key for another service could go there as well`,
          { part: 'key', hint: 'add "accepts" with the kinds that belong there' },
        ),
      )
    }
}

/** Upstreams to which a route sends a secret as a credential, and a client's own as well. */
function secretUpstreams(route: RoutePart): readonly string[] {
  const actions = actionsOf(route).filter(({ value }) => value.reject === undefined)
  const rules = actions.filter(({ rule }) => rule !== null)
  const passes = !isDecided(route) || rules.some(({ value }) => takesClients(value))
  if (!passes) return []
  return rules.flatMap(({ value }) => {
    const upstream = value.upstream ?? route.value.upstream
    const isSecret = JSON.stringify(value.use ?? null).includes('${secret.')
    return isSecret && upstream !== undefined ? [upstream] : []
  })
}

/** Whether a rule takes every request that gets to it. */
function isDecided({ rules }: RoutePart): boolean {
  return rules.some(({ value }) => !value.continue && (!value.if || value.else !== undefined))
}

/** Whether an action lets the client's credential go on. */
function takesClients({ use }: ActionPart['value']): boolean {
  if (use === undefined) return true
  if (typeof use === 'string') return use.trim() !== 'none'
  return use.value === undefined && use.basic === undefined
}
