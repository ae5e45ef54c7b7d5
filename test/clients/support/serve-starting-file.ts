import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import { runCommand } from '../../../src/commands/run-command.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'
import { createKeyway, createLogger } from '../../../src/index.ts'
import { anyApi } from './any-api.ts'
import { type FakeProvider, startProvider } from './fake-provider.ts'

/** A client of a provider's, and the base URL that `keyway init` prints for it. */
interface PrintedClient {
  readonly provider: string
  readonly client: string
  readonly url: string
}

/** Keyway under the file that `keyway init` writes for all providers, before one stand-in for them all. */
export interface ServedStartingFile {
  readonly provider: FakeProvider
  readonly clients: readonly PrintedClient[]
  readonly baseUrlOf: (provider: string, client: string) => string
}

/** The operator's key for a provider, and where it is put. */
export interface OperatorKey {
  readonly header: string
  readonly scheme: string | null
  readonly value: string
}

/** What an operator adds to the file: keys by provider, and who may spend them. */
export interface Operator {
  readonly keys: Readonly<Record<string, OperatorKey>>
  /** Every token's client is called `alice`. */
  readonly token: string
}

/** Serves it for a test file's whole life, as it is or with what an operator adds. */
export async function serveStartingFile(operator?: Operator): Promise<ServedStartingFile> {
  const folder = await mkdtemp(join(tmpdir(), 'keyway-clients-'))
  const file = join(folder, 'config/routes.yaml')
  const provider = await startProvider(anyApi)
  const printed = await init(file)
  const own = operator ? await addOperator(printed, operator, folder) : printed
  await writeFile(file, onAnyPort(withStandIn(own, provider.url)))
  const keyway = await createKeyway({ config: file, log: createLogger({ level: 'silent' }) })
  const { proxy } = await keyway.start()
  const port = 'port' in proxy ? proxy.port : 0
  afterEach(provider.reset)
  afterAll(async () => {
    await keyway.drain()
    await provider.close()
    await rm(folder, { recursive: true })
  })
  const clients = readClients(printed.replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`))
  return {
    provider,
    clients,
    baseUrlOf(name, client) {
      const found = clients.find((one) => one.provider === name && one.client === client)
      if (!found) throw new Error(`init prints no base URL of ${client} for ${name}`)
      return found.url
    },
  }
}

async function init(file: string): Promise<string> {
  const names = loadCatalogue().providers.map(({ name }) => name)
  const io = { stdout: () => {}, stderr: () => {}, env: {}, cwd: tmpdir() }
  await runCommand(['init', ...names, '--output', file], io)
  return readFile(file, 'utf8')
}

async function addOperator(text: string, operator: Operator, folder: string): Promise<string> {
  await mkdir(join(folder, 'keys'))
  const hash = createHash('sha256').update(operator.token).digest('hex')
  await writeFile(join(folder, 'alice.sha256'), `${hash}  -\n`)
  let own = text.replace(
    '\nupstreams:\n',
    `
clients:
  header: [authorization, x-api-key, api-key, x-goog-api-key, xi-api-key]
  tokens: { alice: { file: ${folder}/alice.sha256 } }
secrets:
${Object.keys(operator.keys)
  .map((name) => `  ${name}: { file: ${folder}/keys/${name} }`)
  .join('\n')}
upstreams:
`,
  )
  for (const [name, { header, scheme, value }] of Object.entries(operator.keys)) {
    await writeFile(join(folder, 'keys', name), `${value}\n`)
    const use = `{ header: ${header}, ${scheme ? `scheme: ${scheme}, ` : ''}value: '\${secret.${name}}' }`
    own = own.replace(
      `    upstream: ${name}\n`,
      `    upstream: ${name}\n    rules: [{ use: ${use} }]\n`,
    )
  }
  return own.slice(0, own.indexOf('\ntests:'))
}

/** Each provider's own path stays: only its host becomes the stand-in's. */
function withStandIn(text: string, url: string): string {
  const urls = new Map(loadCatalogue().providers.map(({ name, url: own }) => [name, own]))
  return text.replaceAll(/\{ provider: ([a-z-]+)(, url: \S+)? \}/g, (_, name: string) => {
    const { pathname } = new URL(urls.get(name) ?? 'https://host')
    return `{ provider: ${name}, url: '${url}${pathname}' }`
  })
}

function onAnyPort(text: string): string {
  return text.replace('127.0.0.1:8080', '127.0.0.1:0').replace('127.0.0.1:9901', 'off')
}

function readClients(text: string): PrintedClient[] {
  let provider = ''
  return text.split('\n').flatMap((line) => {
    provider = /^ {2}- name: (\S+)$/.exec(line)?.[1] ?? provider
    const [, names = '', url = ''] = /^ {4}# {3}(.+): (http:\S+)$/.exec(line) ?? []
    return names === '' ? [] : names.split(', ').map((client) => ({ provider, client, url }))
  })
}
