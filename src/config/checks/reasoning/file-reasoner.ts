import type { CheckContext } from '../check-context.ts'
import { createReasoner, type Reasoner } from './reasoner.ts'

/** Creates what reasons about the routes of a file that is checked: of credentials as they are mostly sent, of clients of any name. */
export function createFileReasoner({
  kinds,
  model,
}: Pick<CheckContext, 'kinds' | 'model'>): Reasoner {
  const hasExactPaths = model.routes.some(({ value }) => value.paths === 'exact')
  const { clients } = model
  const needsToken = clients !== null && clients.value.required !== false
  return createReasoner({
    kinds,
    clients: null,
    schemes: 'where named',
    hasExactPaths,
    needsToken,
  })
}
