import type { Finding } from '../diagnostics/finding.ts'
import { type Document, isContainer, type Path } from '../text/document.ts'
import { describeError } from './schema-errors.ts'
import { validateConfig } from './validate-config.generated.ts'

/** Checks a document against the schema; every finding points at the node that is wrong. */
export function validateSchema(document: Document): readonly Finding[] {
  if (validateConfig(document.value)) return []
  return (validateConfig.errors ?? []).flatMap((error) => {
    const path = toPath(document.value, error.instancePath)
    return describeError(document, path, error)
  })
}

function toPath(root: unknown, pointer: string): Path {
  const path: (string | number)[] = []
  let node = root
  for (const raw of pointer.split('/').slice(1)) {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~')
    const step = Array.isArray(node) ? Number(key) : key
    path.push(step)
    node = isContainer(node) ? (node as Record<string | number, unknown>)[step] : undefined
  }
  return path
}
