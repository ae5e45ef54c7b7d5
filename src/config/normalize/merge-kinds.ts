import type { NormalKind } from '../shapes/normal-config.ts'

/**
 * The one merge of kinds: the catalogue's under a file's: keys that a file sets win, and its kinds come first, so that ties go
 * to them.
 */
export function mergeKinds(
  catalogue: readonly NormalKind[],
  file: readonly NormalKind[],
): readonly NormalKind[] {
  if (file.length === 0) return catalogue
  const shipped = new Map(catalogue.map((kind) => [kind.name, kind]))
  const own = new Set(file.map((kind) => kind.name))
  return [
    ...file.map((kind) => ({ ...shipped.get(kind.name), ...kind })),
    ...catalogue.filter((kind) => !own.has(kind.name)),
  ]
}
