import { type CheckContext, errorAt } from '../check-context.ts'
import { isContainer, type Path } from '../document.ts'
import { createCredentialTest } from '../mask.ts'
import { actionsOf } from '../semantics/actions.ts'

/** Sections whose texts only look like credentials. */
const EXEMPT: ReadonlySet<string> = new Set(['tests', 'credentials', 'version'])

/** Refuses credentials that stand in the file itself; tests hold made-up ones. */
export function lintLiterals(context: CheckContext): void {
  const { model, catalogue, report } = context
  const isCredential = createCredentialTest(catalogue)
  const found = new Set<string>()
  const visit = (node: unknown, path: Path): void => {
    if (typeof node === 'string') {
      if (node.length < 12 || !isCredential(node)) return
      found.add(path.join('\0'))
      report(literal(path))
    } else if (isContainer(node))
      for (const [key, value] of Object.entries(node))
        if (path.length > 0 || !EXEMPT.has(key))
          visit(value, [...path, Array.isArray(node) ? Number(key) : key])
  }
  visit(model.document.value, [])
  for (const route of model.ruleSets)
    for (const { path, value } of actionsOf(route)) {
      const at = [...path, 'use', 'value']
      const text = typeof value.use === 'object' ? value.use.value : undefined
      if (text && text.length >= 12 && !text.includes('${') && !found.has(at.join('\0')))
        report(literal(at))
    }
}

function literal(path: Path): ReturnType<typeof errorAt> {
  return errorAt(path, 'literal-secret', 'a credential stands in the file', {
    hint: 'put it into a file or an environment variable, name that under "secrets", and write ${secret.NAME}',
  })
}
