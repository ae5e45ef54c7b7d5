import { type CheckContext, errorAt } from './check-context.ts'
import { createPatternCheck } from './patterns.ts'

/** Checks the kinds of credential that the file adds or overrides. */
export function checkKinds(context: CheckContext): void {
  const { model, catalogue, report } = context
  const checkPattern = createPatternCheck(context)
  const shipped = new Set(catalogue.kinds.map((kind) => kind.name))
  for (const { name, path, value } of model.kinds) {
    if (value.matches !== undefined) checkPattern([...path, 'matches'], value.matches)
    if (shipped.has(name) || value.prefixes || value.matches !== undefined) continue
    report(
      errorAt(path, 'kind-without-shape', `the kind "${name}" says nothing of how it looks`, {
        part: 'key',
        hint: 'add "prefixes" or "matches"',
      }),
    )
  }
}
