import { type CheckContext, warningAt } from './check-context.ts'

/** Warns of routes that strip all of the one path they take: what lies below it was most likely meant, too. */
export function lintExactPaths({ model, report }: CheckContext): void {
  const paths = model.routes.map(({ value }) => value.match.path)
  for (const { path: at, value } of model.routes) {
    const { path } = value.match
    const strip = value.rewrite?.strip?.replace(/\/+$/, '')
    const bare = path.replace(/\/+$/, '')
    if (strip !== bare || bare === '' || /[*:]/.test(path)) continue
    if (paths.some((other) => other !== path && other.startsWith(`${bare}/`))) continue
    report(
      warningAt(
        [...at, 'match', 'path'],
        'exact-path',
        `only ${path} itself is taken, of which "strip" leaves "/"`,
        { hint: `write ${bare}/* to take what lies below it, too` },
      ),
    )
  }
}
