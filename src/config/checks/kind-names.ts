import { didYouMean, listWords } from '../diagnostics/suggest.ts'
import type { Path } from '../text/document.ts'
import { type CheckContext, errorAt } from './check-context.ts'

/** Names that a condition or `accepts` may use: those of all kinds, of kinds that are wrong in themselves, and `unknown`. */
export function kindNames({
  kinds,
  model,
}: Pick<CheckContext, 'kinds' | 'model'>): readonly string[] {
  return [...new Set([...kinds.map(({ name }) => name), ...model.names.credentials, 'unknown'])]
}

/** An error about a kind of credential that neither the catalogue nor the file has. */
export function undefinedKind(
  path: Path,
  kind: string,
  kinds: readonly string[],
): ReturnType<typeof errorAt> {
  const fallback = 'add it under "credentials", or see config/credentials.yaml for those that ship'
  const family = kinds.filter((name) => name.startsWith(`${kind}-`))
  return errorAt(path, 'undefined-kind', `there is no kind of credential "${kind}"`, {
    hint: fallback,
    ...(family.length > 0 ? { hint: `there are ${listWords(family)}` } : didYouMean(kind, kinds)),
  })
}
