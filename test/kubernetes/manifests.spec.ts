import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findSchemaFaults, findTypeFaults, parseResources } from './resources.ts'

const folder = new URL('../../deploy/kubernetes/', import.meta.url)

const KINDS: Readonly<Record<string, string>> = {
  'daemonset.yaml': 'ConfigMap DaemonSet Service NetworkPolicy',
  'deployment.yaml':
    'ConfigMap Deployment Service HorizontalPodAutoscaler PodDisruptionBudget NetworkPolicy',
  'sidecar.yaml': 'ConfigMap Deployment',
}

test.each(readdirSync(folder))('%s is what Kubernetes takes', async (name) => {
  const resources = parseResources(readFileSync(new URL(name, folder), 'utf8'))
  expect(resources.map(({ kind }) => kind).join(' ')).toBe(KINDS[name])
  expect(await findSchemaFaults(resources)).toEqual([])
  expect(findTypeFaults(resources)).toBe('')
})
