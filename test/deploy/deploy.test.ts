import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { loadConfig } from '../../src/config/load.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'

const read = (name: string): string =>
  readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8')

const [configMap, deployment] = parseAllDocuments(read('kubernetes/sidecar.yaml')).map(
  (document) => {
    expect(document.errors).toEqual([])
    return document.toJS()
  },
)
const pod = deployment.spec.template.spec
const [sidecar] = pod.initContainers
const compose = parse(read('compose.yaml'))

test('the manifest is a ConfigMap and a Deployment that select each other', () => {
  expect([configMap.kind, deployment.kind]).toEqual(['ConfigMap', 'Deployment'])
  expect(deployment.spec.template.metadata.labels).toMatchObject(
    deployment.spec.selector.matchLabels,
  )
})

test('its configuration has no findings', () => {
  const source = { file: 'sidecar.yaml', text: configMap.data['routes.yaml'] }
  const { diagnostics } = loadConfig(source, { catalogue: loadCatalogue(), env: {} })
  expect(diagnostics).toEqual([])
})

test('the sidecar is a native one, and the application waits for it', () => {
  expect(sidecar).toMatchObject({ restartPolicy: 'Always' })
  expect(sidecar.startupProbe.exec.command.at(-1)).toBe('http://127.0.0.1:9901/readyz')
})

test('the sidecar may do nothing but proxy', () => {
  expect(sidecar.securityContext).toEqual({
    runAsUser: 65532,
    runAsGroup: 65532,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
  })
  expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, fsGroup: 65532 })
})

test('folders are mounted whole, read-only, from volumes that exist', () => {
  const volumes = pod.volumes.map(({ name }: { name: string }) => name)
  for (const mount of sidecar.volumeMounts) {
    expect(mount).not.toHaveProperty('subPath')
    expect(mount.readOnly).toBe(true)
    expect(volumes).toContain(mount.name)
  }
})

test('the pod lives longer than a drain', () => {
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(30)
})

test('the Compose sidecar shares the network and may do nothing but proxy', () => {
  expect(compose.services.keyway).toMatchObject({
    network_mode: 'service:app',
    read_only: true,
    user: '65532:65532',
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    volumes: ['../config:/etc/keyway:ro'],
  })
})

test('the image says what it is, and of which version and commit', () => {
  const [, words = ''] = /^LABEL ((?:.*\\\n)*.*)$/m.exec(read('Dockerfile')) ?? []
  const labels = [...words.matchAll(/org\.opencontainers\.image\.(\w+)="([^"]*)"/g)]
  const { version, license } = JSON.parse(read('../package.json'))
  expect(Object.fromEntries(labels.map(([, name, value]) => [name, value]))).toEqual({
    title: 'keyway',
    description: 'A config-driven, credential-aware reverse proxy',
    version,
    revision: '${COMMIT}',
    licenses: license,
  })
})

test('the image builds on one base, runs as 65532, and names what it copies', () => {
  const dockerfile = read('Dockerfile')
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)
  expect(bases).toEqual(['${NODE_IMAGE}', '${NODE_IMAGE}', 'scratch'])
  expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:24-bookworm-slim(@sha256:[0-9a-f]{64})?$/m)
  expect(dockerfile).toMatch(/^USER 65532:65532$/m)
  expect(dockerfile).toMatch(/^HEALTHCHECK /m)
})
