import type { Finding } from '../diagnostics/finding.ts'
import { type Document, formatPath, isContainer } from '../text/document.ts'

/** Leaves out findings of the schema that say what another one says: one mistake, one finding. */
export function withoutEchoes(
  document: Document,
  findings: readonly Finding[],
): readonly Finding[] {
  if (isKubernetesObject(document.value)) return [kubernetes()]
  const hints = new Set<string>()
  const unknown = findings.filter(({ code }) => code === 'unknown-key')
  return findings.filter((finding) => {
    if (finding.code === 'missing-key') return !unknown.some((other) => explains(other, finding))
    if (finding.code !== 'unknown-key' || !finding.hint?.startsWith('did you mean')) return true
    const said = `${formatPath(finding.path.slice(0, -1))} ${finding.hint}`
    const isNew = !hints.has(said)
    hints.add(said)
    return isNew
  })
}

/** Whether a key that is not known in a map stands for the one that is missing there. */
function explains(unknown: Finding, missing: Finding): boolean {
  if (formatPath(unknown.path.slice(0, -1)) !== formatPath(missing.path)) return false
  const name = /"([^"]+)"$/.exec(missing.message)?.[1]
  return name !== undefined && unknown.hint?.includes(`"${name}"`) === true
}

function isKubernetesObject(value: unknown): boolean {
  return isContainer(value) && Object.hasOwn(value, 'apiVersion') && Object.hasOwn(value, 'kind')
}

function kubernetes(): Finding {
  return {
    code: 'unknown-key',
    severity: 'error',
    path: ['apiVersion'],
    part: 'key',
    message: 'this is a Kubernetes object that holds a configuration, and not the configuration',
    hint: 'take out what stands under "data", or mount it and name that file',
  }
}
