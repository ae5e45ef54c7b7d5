import { isContainer, type Path } from '../text/document.ts'
import { type CheckContext, warningAt } from './check-context.ts'

/** Warns of upstreams and secrets that nothing names. */
export function lintUnused({ model, report }: CheckContext): void {
  const uses = findUses(model.document.value)
  for (const { name, path } of model.upstreams)
    if (!uses.upstreams.has(name)) report(unused(path, 'upstream', name))
  for (const { name, path } of model.secrets)
    if (!uses.secrets.has(name)) report(unused(path, 'secret', name))
}

function unused(
  path: Path,
  what: 'upstream' | 'secret',
  name: string,
): ReturnType<typeof warningAt> {
  return warningAt(path, `unused-${what}`, `the ${what} "${name}" is not used`, {
    part: 'key',
    hint: 'remove it, or name it where it is wanted',
  })
}

interface Uses {
  readonly upstreams: Set<string>
  readonly secrets: Set<string>
}

function findUses(root: unknown): Uses {
  const uses: Uses = { upstreams: new Set(), secrets: new Set() }
  if (isContainer(root)) collect(uses, (root as { routes?: unknown }).routes, '')
  return uses
}

function collect(uses: Uses, node: unknown, key: string): void {
  if (typeof node === 'string') {
    if (key === 'upstream') uses.upstreams.add(node)
    if (node.includes('${'))
      for (const match of node.matchAll(/\$\{\s*secret\.([^}\s]+)\s*\}/g))
        uses.secrets.add(match[1] as string)
  } else if (Array.isArray(node)) {
    for (const item of node) collect(uses, item, key)
  } else if (isContainer(node)) {
    for (const [name, value] of Object.entries(node)) collect(uses, value, name)
  }
}
