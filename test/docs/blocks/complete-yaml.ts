import { readFileSync } from 'node:fs'
import { parse, stringify } from 'yaml'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'
import { ROOT } from './read-blocks.ts'

type Fields = Readonly<Record<string, unknown>>

const { properties, definitions } = JSON.parse(
  readFileSync(`${ROOT}schemas/routes.schema.json`, 'utf8'),
) as {
  readonly properties: Fields
  readonly definitions: Readonly<Record<string, { readonly properties?: Fields }>>
}

/** Where a fragment may belong, in this order: the file itself, a route, a rule… */
const HOMES: readonly { readonly keys: Fields; readonly wrap: (fragment: Fields) => Fields }[] = [
  { keys: properties, wrap: (fragment) => fragment },
  { keys: keysOf('route'), wrap: (fragment) => ({ routes: [{ ...ROUTE, ...fragment }] }) },
  { keys: keysOf('rule'), wrap: (rule) => ({ routes: [{ ...ROUTE, rules: [rule] }] }) },
  { keys: keysOf('upstream'), wrap: (one) => ({ upstreams: { api: { ...UPSTREAM, ...one } } }) },
  { keys: keysOf('server'), wrap: (server) => ({ server }) },
]

const ROUTE = { name: 'api', match: { path: '/:team/*' }, upstream: 'api' }
const UPSTREAM = { url: 'https://api.example.com', accepts: ['unknown'] }

function keysOf(name: string): Fields {
  return definitions[name]?.properties ?? {}
}

/** Whether a text is a file as it stands. */
export function isWhole(text: string): boolean {
  return /^version:/m.test(text)
}

/**
 * Makes a file of a fragment: it is put where its keys belong, and whatever it names and does not
 * define (upstreams, secrets, kinds, clients) is stood in for. null: its keys belong nowhere.
 */
export function completeYaml(text: string): string | null {
  const written = (parse(text) ?? {}) as Fields
  const home = HOMES.find(({ keys }) => Object.keys(written).every((key) => key in keys))
  if (home === undefined) return null
  const file = home.wrap(written)
  const { upstreams, secrets, credentials, clients, routes } = namedIn(file)
  return stringify({
    version: 1,
    ...file,
    upstreams: { ...standIns(upstreams, UPSTREAM), ...fieldsOf(file, 'upstreams') },
    routes: [...((file.routes ?? []) as Fields[]), ...routesFor(routes, file)],
    secrets: { ...standIns(secrets, { env: 'STAND_IN' }), ...fieldsOf(file, 'secrets') },
    credentials: { ...kindsFor(credentials), ...fieldsOf(file, 'credentials') },
    ...(clients.length === 0 && file.clients === undefined
      ? {}
      : { clients: { tokens: standIns(clients, { file: 'x' }), ...fieldsOf(file, 'clients') } }),
  })
}

function fieldsOf(file: Fields, key: string): Fields {
  return (file[key] ?? {}) as Fields
}

function standIns(names: readonly string[], value: unknown): Fields {
  return Object.fromEntries(names.map((name) => [name, value]))
}

function kindsFor(names: readonly string[]): Fields {
  const shipped = new Set(loadCatalogue().kinds.map(({ name }) => name))
  const own = names.filter((name) => !shipped.has(name) && name !== 'unknown')
  return Object.fromEntries(own.map((name) => [name, { prefixes: [`${name}-stand-in-`] }]))
}

function routesFor(names: readonly string[], file: Fields): readonly Fields[] {
  const own = new Set(((file.routes ?? []) as Fields[]).map(({ name }) => name))
  return [...new Set(names)]
    .filter((name) => !own.has(name))
    .map((name) => ({ name, match: { path: `/stand-in/${name}/*` }, upstream: 'api' }))
}

type Names = Readonly<
  Record<'upstreams' | 'secrets' | 'credentials' | 'clients' | 'routes', string[]>
>

/** The names that a file uses, by what they name. */
function namedIn(file: Fields): Names {
  const names: Names = { upstreams: ['api'], secrets: [], credentials: [], clients: [], routes: [] }
  const visit = (value: unknown, key: string, above: string): void => {
    if (typeof value === 'string') {
      for (const [, name = ''] of value.matchAll(/\$\{secret\.([\w.-]+)\}/g))
        names.secrets.push(name)
      if (key === 'upstream' && !value.startsWith('builtin:')) names.upstreams.push(value)
      if (key === 'route') names.routes.push(value)
      if (key === 'secret' && above !== 'expect') names.secrets.push(value)
      if (key === 'accepts' || key === 'kind') names.credentials.push(value)
      if (key === 'name' && above === 'client') names.clients.push(value)
    } else if (Array.isArray(value)) for (const one of value) visit(one, key, above)
    else if (typeof value === 'object' && value !== null)
      for (const [inner, one] of Object.entries(value)) visit(one, inner, key)
  }
  visit(file, '', '')
  return names
}
