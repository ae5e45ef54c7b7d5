import type { Catalogue, Provider } from '../config/shapes/catalogue.ts'
import { loadCatalogue } from '../credentials/catalogue.ts'
import { compileSnapshot } from '../loading/compile-snapshot.ts'
import type { RouteTable } from '../routing/route-table.ts'
import { type Command, didYouMean, parseFlags, UsageError } from './command.ts'

const DEFAULT_PROVIDERS = ['anthropic', 'openai']

/** `keyway init`: prints a starting configuration for the named providers, with tests that pass. */
export const init: Command = async (args, io) => {
  const { positionals } = parseFlags(args, {})
  const catalogue = loadCatalogue()
  const names = positionals.length > 0 ? [...new Set(positionals)] : DEFAULT_PROVIDERS
  const providers = names.map((name) => findProvider(name, catalogue.providers))
  const config = writeConfig(providers)
  io.stdout(config + writeTests(providers, catalogue, config))
  return 0
}

function findProvider(name: string, providers: readonly Provider[]): Provider {
  const provider = providers.find((one) => one.name === name)
  if (provider) return provider
  const names = providers.map((one) => one.name)
  const near = didYouMean(name, names)
  throw new UsageError(`unknown provider "${name}"${near || `; known are ${names.join(', ')}`}`)
}

function writeConfig(providers: readonly Provider[]): string {
  return `# yaml-language-server: $schema=routes.schema.json
# For completion in your editor: keyway schema > routes.schema.json
version: 1

server:
  listen: 127.0.0.1:8080
  admin: 127.0.0.1:9901

upstreams:
${providers.map(writeUpstream).join('\n')}
  echo: builtin:echo # answers with the request it was sent, credentials masked

routes:
${providers.map(writeRoute).join('\n')}
  - name: echo
    match: { path: /echo/* }
    rewrite: { strip: /echo }
    upstream: echo
`
}

/** Its default rules place each kind of credential that it accepts. */
function writeUpstream({ name, url, description }: Provider): string {
  if (url !== null) return `  ${name}: { provider: ${name} } # ${description}: ${url}`
  const host = /https:\/\/\S*[A-Za-z]/.exec(description)?.[0] ?? 'https://HOST'
  const example = host.replaceAll(/[A-Z]{2,}/g, (word) => `my-${word.toLowerCase()}`)
  return `  ${name}: { provider: ${name}, url: ${example} } # ${description}`
}

function writeRoute({ name }: Provider): string {
  return `  - name: ${name}
    match: { path: /${name}/* } # base URL for clients: http://127.0.0.1:8080/${name}
    rewrite: { strip: /${name} }
    upstream: ${name}
`
}

function writeTests(providers: readonly Provider[], catalogue: Catalogue, config: string): string {
  const table = compileTableOf(config, catalogue)
  const tests = providers.flatMap((provider) =>
    provider.accepts.flatMap((kind) =>
      writeTest(provider, findPrefix(kind, catalogue), kind, table),
    ),
  )
  return `
tests:
${tests.join('\n')}
  - name: the echo takes what it is sent
    request: { path: /echo/hello }
    expect: { route: echo, upstream: echo, path: /hello }
`
}

function compileTableOf(text: string, catalogue: Catalogue): RouteTable {
  const { snapshot } = compileSnapshot(
    { file: 'routes.yaml', text },
    { catalogue, env: {}, generation: 1 },
  )
  if (snapshot === null) throw new Error('the starting configuration is not valid')
  return snapshot.table
}

function findPrefix(kind: string, { kinds }: Catalogue): string | null {
  return kinds.find(({ name }) => name === kind)?.prefixes?.[0] ?? null
}

/** Shows where a kind of credential goes by asking the rules; none for a kind that has no prefix. */
function writeTest(
  { name }: Provider,
  prefix: string | null,
  kind: string,
  table: RouteTable,
): string[] {
  if (prefix === null) return []
  const credential = `${prefix}TEST`
  const decision = table.decide({
    method: 'POST',
    target: `/${name}/v1/test`,
    headers: ['Authorization', `Bearer ${credential}`],
    peerIp: '127.0.0.1',
    protocol: 'http',
    id: 'init',
  })
  if (decision.action === 'reject') return []
  const at = decision.headers.findIndex((value) => value.includes(credential))
  const header = (decision.headers[at - 1] as string).toLowerCase()
  const gone = header === 'authorization' ? '' : ', authorization: null'
  return [
    `  - name: ${kind} goes to ${name} in ${header}
    request: { method: POST, path: /${name}/v1/test, headers: { authorization: Bearer ${credential} } }
    expect: { route: ${name}, headers: { ${header}: ${decision.headers[at]}${gone} } }`,
  ]
}
