import type { Catalogue, Provider } from '../config/shapes/catalogue.ts'
import { compileSnapshot } from '../loading/compile-snapshot.ts'
import type { RouteTable } from '../routing/route-table.ts'

const LISTEN = '127.0.0.1:8080'

/** How the file will be served: its name, and the command. */
interface Serving {
  readonly file: string
  readonly command: string
}

/** A configuration with a route to each of the providers, and tests that pass. */
export function writeStartingFile(
  providers: readonly Provider[],
  catalogue: Catalogue,
  serving: Serving,
): string {
  const config = writeConfig(providers, serving)
  return config + writeTests(providers, catalogue, config)
}

function writeConfig(providers: readonly Provider[], { file, command }: Serving): string {
  return `# yaml-language-server: $schema=routes.schema.json
# For completion in your editor: keyway schema > routes.schema.json
# To serve it as ${file}: ${command}
version: 1

server:
  listen: ${LISTEN}
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

function writeRoute({ name, clients }: Provider): string {
  return `  - name: ${name}
    match: { path: /${name}/* }
${writeBaseUrls(name, clients)}
    rewrite: { strip: /${name} }
    upstream: ${name}
`
}

/** One line for each base URL, behind the clients that want it. */
function writeBaseUrls(name: string, clients: Provider['clients']): string {
  const paths = new Set(clients.map(({ path }) => path))
  const lines = [...paths].map((path) => {
    const names = clients.filter((client) => client.path === path).map((client) => client.name)
    return `    #   ${names.join(', ')}: http://${LISTEN}/${name}${path}`
  })
  return ['    # Base URLs for clients:', ...lines].join('\n')
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
