import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'

const here = fileURLToPath(new URL('.', import.meta.url))
const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))

/** One resource, as it is written. */
export interface Resource {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly [key: string]: unknown
}

/** Reads a stream of documents, without the empty ones. */
export function parseResources(text: string): Resource[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors
    if (error !== undefined) throw error
    const resource = document.toJS()
    return resource === null ? [] : [resource]
  })
}

/** The module that knows a version of an API: its schemas and its types. */
function moduleOf(apiVersion: string): string {
  const [group = '', version] = apiVersion.split('/')
  if (group === 'monitoring.coreos.com')
    return `@kubernetes-models/prometheus-operator/${apiVersion}`
  if (version === undefined) return `kubernetes-models/${group}`
  return `kubernetes-models/${group}/${version}`
}

/** What Kubernetes' schemas find wrong with resources: types, ranges, patterns, what is missing. */
export async function findSchemaFaults(resources: readonly Resource[]): Promise<string[]> {
  const faults: string[] = []
  for (const resource of resources) {
    const { kind, metadata } = resource
    const known = await import(moduleOf(resource.apiVersion))
    try {
      new known[kind](resource).validate()
    } catch (error) {
      faults.push(`${kind} ${metadata?.name}: ${(error as Error).message}`)
    }
  }
  return faults
}

/** What Kubernetes' types find wrong with resources: keys that there are none of, which its schemas let pass. */
export function findTypeFaults(resources: readonly Resource[]): string {
  const folder = mkdtempSync(join(here, 'node_modules/.types-'))
  const lines = resources.map(
    (one, index) =>
      `import type { I${one.kind} as I${index} } from '${moduleOf(one.apiVersion)}'
export const resource${index}: I${index} = ${JSON.stringify(one, null, 2)}`,
  )
  writeFileSync(join(folder, 'resources.ts'), lines.join('\n'))
  const compilerOptions = {
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['resources.ts'] }),
  )
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  return stdout
}
