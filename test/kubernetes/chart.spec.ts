import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../../src/config/load.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { CHART, helm } from './helm.ts'
import { findSchemaFaults, findTypeFaults, parseResources, type Resource } from './resources.ts'

const { version } = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8'),
)

function render(...sets: readonly string[]): Resource[] {
  const flags = sets.flatMap((set) => ['--set-json', set])
  const { status, stdout, stderr } = helm('template', 'llm', CHART, '--namespace', 'edge', ...flags)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return parseResources(stdout)
}

const EVERYTHING = [
  'autoscaling={"enabled":true,"minReplicas":3}',
  'serviceMonitor={"enabled":true,"labels":{"release":"p"},"token":{"name":"t","key":"token"}}',
  'secrets={"values":{"anthropic":"sk-ant-api03-TEST"}}',
  'serviceAccount={"annotations":{"role":"arn"},"automountToken":true}',
  'networkPolicy={"clients":[{"namespaceSelector":{}}],"monitoring":[{"podSelector":{}}],"egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.0/8"}}]}]}',
  `image={"digest":"sha256:${'a'.repeat(64)}"}`,
  'imagePullSecrets=[{"name":"pull"}]',
  'args=["--workers","2"]',
  'env=[{"name":"NO_COLOR","value":"1"}]',
  'service={"annotations":{"a":"b"},"type":"LoadBalancer"}',
  'podAnnotations={"a":"b"}',
  'podLabels={"c":"d"}',
  'nodeSelector={"e":"f"}',
  'tolerations=[{"operator":"Exists"}]',
  'affinity={"podAntiAffinity":{}}',
  'priorityClassName="high"',
]
const NOTHING = [
  'service={"enabled":false}',
  'podDisruptionBudget={"enabled":false}',
  'networkPolicy={"enabled":false}',
  'serviceAccount={"create":false}',
  'config={"existingConfigMap":"mine"}',
  'secrets={"existingSecret":"mine"}',
  'topologySpread=false',
]

test.each([
  {
    name: 'as it comes',
    sets: [],
    kinds: 'ConfigMap Deployment NetworkPolicy PodDisruptionBudget Service ServiceAccount',
  },
  {
    name: 'with everything on',
    sets: EVERYTHING,
    kinds:
      'ConfigMap Deployment HorizontalPodAutoscaler NetworkPolicy PodDisruptionBudget Secret Service Service ServiceAccount ServiceMonitor',
  },
  { name: 'with everything off', sets: NOTHING, kinds: 'Deployment' },
])('the chart, $name, is what Kubernetes takes', async ({ sets, kinds }) => {
  const resources = render(...sets)
  expect(
    resources
      .map(({ kind }) => kind)
      .toSorted()
      .join(' '),
  ).toBe(kinds)
  expect(await findSchemaFaults(resources)).toEqual([])
  expect(findTypeFaults(resources)).toBe('')
  for (const { metadata } of resources) expect(metadata).toMatchObject({ namespace: 'edge' })
})

test('the checks see a key that there is none of, and a value that is no such thing', async () => {
  const [wrong] = parseResources(`apiVersion: apps/v1
kind: Deployment
metadata: { name: a }
spec:
  replicas: many
  selector: {}
  template: { spec: { containers: [{ name: a, imagePolicy: Always }] } }
`)
  expect(await findSchemaFaults([wrong as Resource])).toEqual([expect.stringContaining('replicas')])
  expect(findTypeFaults([wrong as Resource])).toContain('imagePolicy')
})

test('helm finds nothing to mend in it', () => {
  const { status, stdout } = helm('lint', '--strict', CHART)
  expect({ status }, stdout).toEqual({ status: 0 })
})

test.each([
  { name: 'a key that there is none of', set: 'replcias=3', says: 'replcias' },
  { name: 'a port that is none', set: 'ports={"proxy":0}', says: '/ports/proxy' },
  { name: 'a digest that is none', set: 'image={"digest":"latest"}', says: '/image/digest' },
  { name: 'no file', set: 'config={"routes":""}', says: '/config/routes' },
])('$name is refused before anything is installed', ({ set, says }) => {
  const { status, stderr } = helm('template', 'a', CHART, '--set-json', set)
  expect(status).toBe(1)
  expect(stderr).toContain(says)
})

test('every value has its schema', () => {
  const values = parse(readFileSync(`${CHART}/values.yaml`, 'utf8'))
  const { properties } = JSON.parse(readFileSync(`${CHART}/values.schema.json`, 'utf8'))
  const { global, ...own } = properties
  expect(Object.keys(own).toSorted()).toEqual(Object.keys(values).toSorted())
})

test('chart and program are of one version', () => {
  const chart = parse(readFileSync(`${CHART}/Chart.yaml`, 'utf8'))
  expect([chart.version, chart.appVersion]).toEqual([version, version])
})

describe('what it installs', () => {
  const resources = render(...EVERYTHING)
  const find = (kind: string) => resources.find((one) => one.kind === kind) as never
  const deployment: { spec: { replicas?: number; template: { spec: PodSpec } } } =
    find('Deployment')
  const pod = deployment.spec.template.spec
  const [container] = pod.containers

  test('is a configuration without errors, on the ports that the pod opens', () => {
    const configMap: { data: Record<string, string> } = find('ConfigMap')
    const source = { file: 'routes.yaml', text: configMap.data['routes.yaml'] ?? '' }
    const { config, diagnostics } = loadConfig(source, { catalogue: loadCatalogue(), env: {} })
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    expect(errors).toEqual([])
    const open = container?.ports.map(({ name, containerPort }) => [name, containerPort])
    expect(open).toEqual([
      ['http', 8080],
      ['admin', 9901],
    ])
    expect(config?.server).toMatchObject({
      listen: { address: { port: 8080 } },
      admin: { port: 9901 },
    })
  })

  test('mounts whole folders, which change while it runs', () => {
    expect(container?.volumeMounts).toEqual([
      { name: 'config', mountPath: '/etc/keyway', readOnly: true },
      { name: 'secrets', mountPath: '/run/secrets/keyway', readOnly: true },
    ])
  })

  test('may do nothing but proxy, and ends later than a drain', () => {
    expect(container?.securityContext).toEqual({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    })
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532 })
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(35)
  })

  test('leaves the number of pods to the autoscaler', () => {
    expect(deployment.spec.replicas).toBeUndefined()
  })
})

interface PodSpec {
  readonly terminationGracePeriodSeconds: number
  readonly securityContext: object
  readonly containers: readonly {
    readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
    readonly volumeMounts: readonly object[]
    readonly securityContext: object
  }[]
}
