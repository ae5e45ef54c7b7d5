import { type CheckContext, warningAt } from './check-context.ts'

/** Warns of kinds that take over what a shipped kind starts with. */
export function lintKinds({ model, catalogue, report }: CheckContext): void {
  const own = new Set(model.kinds.map(({ name }) => name))
  for (const { name, path, value } of model.kinds)
    for (const [index, prefix] of (value.prefixes ?? []).entries()) {
      const other = catalogue.kinds.find((kind) => kind.prefixes?.includes(prefix))
      if (!other || own.has(other.name)) continue
      report(
        warningAt(
          [...path, 'prefixes', index],
          'overlapping-prefix',
          `values that start with "${prefix}" are of the shipped kind "${other.name}" too; "${name}" takes them all`,
          { hint: `override "${other.name}" itself, or write a longer prefix` },
        ),
      )
    }
}
