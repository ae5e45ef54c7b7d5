import type { RoutePart } from '../schema/model.ts'
import type { Path } from '../text/document.ts'
import { type CheckContext, errorAt } from './check-context.ts'

/** Checks that each fallback leads elsewhere, to a host that says which credentials it takes. */
export function checkFallbacks(context: CheckContext): void {
  for (const route of context.model.routes) {
    const before = new Set([route.value.upstream])
    for (const fallback of route.fallbacks) {
      checkFallback(context, fallback, before)
      before.add(fallback.value.upstream)
    }
  }
}

function checkFallback(
  { model, report }: CheckContext,
  { path, value }: RoutePart,
  before: ReadonlySet<string | undefined>,
): void {
  const name = value.upstream
  const upstream = model.upstreams.find((part) => part.name === name)?.value
  const at: Path = [...path, 'upstream']
  if (before.has(name))
    report(
      errorAt(at, 'same-upstream', `"${name}" was asked already`, {
        hint: 'to ask it again, set "retry"',
      }),
    )
  if (upstream?.url?.startsWith('builtin:'))
    report(errorAt(at, 'builtin-fallback', `${upstream.url} can't be a fallback`))
  else if (upstream && upstream.accepts === undefined && upstream.provider === undefined)
    report(
      errorAt(at, 'open-fallback', `"${name}" does not say which credentials it accepts`, {
        hint: `add "accepts" to it, so that what was meant for another host can't go there`,
      }),
    )
}
