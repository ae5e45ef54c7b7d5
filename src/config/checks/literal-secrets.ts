import { createCredentialTest } from '../diagnostics/mask.ts'
import { isContainer, type Path } from '../text/document.ts'
import { actionsOf } from './actions.ts'
import { type CheckContext, errorAt } from './check-context.ts'
import { useTexts } from './placement-texts.ts'

/** Sections whose texts only look like credentials. */
const EXEMPT: ReadonlySet<string> = new Set(['tests', 'credentials', 'version'])

/** Refuses credentials that stand in the file itself; tests hold made-up ones. */
export function lintLiterals(context: CheckContext): void {
  const { model, kinds, report } = context
  const isCredential = createCredentialTest(kinds)
  const found = new Set<string>()
  eachText(model.document.value, [], (text, path) => {
    if (text.length < 12 || !isCredential(text)) return
    found.add(path.join('\0'))
    report(literal([...path]))
  })
  for (const route of model.ruleSets)
    for (const action of actionsOf(route))
      for (const { path, text } of useTexts(action))
        if (
          path.at(-1) !== 'user' &&
          text.length >= 12 &&
          !text.includes('${') &&
          !found.has(path.join('\0'))
        )
          report(literal(path))
}

/** Visits all texts outside of the exempt sections; `path` is only lent, and changes after the visit. */
function eachText(
  node: unknown,
  path: (string | number)[],
  visit: (text: string, path: Path) => void,
): void {
  if (typeof node === 'string') visit(node, path)
  if (!isContainer(node)) return
  for (const key of Object.keys(node)) {
    if (path.length === 0 && EXEMPT.has(key)) continue
    path.push(Array.isArray(node) ? Number(key) : key)
    eachText((node as Record<string, unknown>)[key], path, visit)
    path.pop()
  }
}

function literal(path: Path): ReturnType<typeof errorAt> {
  return errorAt(path, 'literal-secret', 'a credential stands in the file', {
    hint: 'put it into a file or an environment variable, name that under "secrets", and write ${secret.NAME}',
  })
}
