import { parseUrl } from '../../http/target/parse-url.ts'
import type { Part } from '../schema/model.ts'
import type { Limit } from '../shapes/config.generated.ts'
import { type CheckContext, errorAt, warningAt } from './check-context.ts'
import { undefinedName } from './references.ts'

/** Checks that each limit limits something that there is. */
export function checkLimits(context: CheckContext): void {
  const names = new Set<string>()
  for (const part of context.model.limits) {
    const { path, value } = part
    if (names.has(value.name))
      context.report(
        errorAt([...path, 'name'], 'duplicate-limit', `another limit is named "${value.name}"`, {
          hint: 'each has a name of its own, by which it is counted',
        }),
      )
    names.add(value.name)
    if (value.requests === undefined && value.atOnce === undefined)
      context.report(
        errorAt(path, 'empty-limit', 'this limits nothing', {
          hint: 'add requests: 60/m, or atOnce: 8',
        }),
      )
    checkRoutes(context, part)
    checkSubject(context, part)
  }
  checkStore(context)
}

function checkRoutes({ model, report }: CheckContext, { path, value }: Part<Limit>): void {
  const { route } = value.match ?? {}
  for (const [index, name] of [route ?? []].flat().entries()) {
    const at = [...path, 'match', 'route', ...(Array.isArray(route) ? [index] : [])]
    if (!model.names.routes.includes(name))
      report(undefinedName(at, 'route', name, model.names.routes))
  }
}

function checkSubject({ model, report }: CheckContext, { path, value }: Part<Limit>): void {
  if (value.by !== 'client' || model.clients !== null) return
  report(
    warningAt([...path, 'by'], 'nameless-clients', 'no client has a name, so all share one count', {
      hint: 'name them by tokens under "clients", or count by: address',
    }),
  )
}

function checkStore({ model, report }: CheckContext): void {
  const { store } = model.server.value
  const path = [...model.server.path, 'store']
  if (store === undefined) return
  if (parseUrl(store.redis) === null)
    report(
      errorAt([...path, 'redis'], 'bad-url', 'this is no URL', { hint: 'write redis://HOST:6379' }),
    )
  if (model.limits.length === 0)
    report(
      warningAt(path, 'unused-store', 'nothing is counted in this store', {
        hint: 'add "limits", or remove it',
      }),
    )
}
