// Generates docs/reference.md from schemas/routes.schema.json; with --check it only compares.
import { readFileSync } from 'node:fs'
import { writeGenerated } from './write-generated.mjs'

const schema = JSON.parse(
  readFileSync(new URL('../schemas/routes.schema.json', import.meta.url), 'utf8'),
)

/** What a definition that has keys of its own is called, and told of once. */
const HEADINGS = {
  limit: 'limits[]',
  secret: 'secrets.NAME',
  kind: 'credentials.NAME',
  upstream: 'upstreams.NAME',
  upstreamLimits: 'upstreams.NAME.limits',
  target: 'upstreams.NAME.targets[]',
  route: 'routes[]',
  rule: 'rules[]',
  fallback: 'routes[].fallback[]',
  condition: 'if',
  placement: 'use',
  requestOperations: 'request',
  responseOperations: 'response',
  invariant: 'invariants[]',
  outcome: 'never, always',
  test: 'tests[]',
}

/** The words for texts that are written in some way. */
const FORMATS = {
  duration: 'a duration',
  size: 'a size',
  rate: 'a rate',
  share: 'a share',
  path: 'a path',
  name: 'a name',
  off: '`off`',
  method: 'a method',
  failure: '`connect`, `reset`, `timeout`, `5xx`',
  balance: '`round-robin`, `least-requests`',
  'header-name': 'a header name',
  'environment-variable': 'a variable',
  'redis-url': 'a URL of Redis',
}

/** Sections that are still to be written, in the order in which they are mentioned. */
const queue = [{ heading: 'The file', node: schema }]
const written = new Set(['The file'])
const sections = []
while (queue.length > 0) sections.push(writeSection(queue.shift()))

function writeSection({ heading, node }) {
  const required = new Set(node.required ?? [])
  const rows = Object.entries(node.properties).map(([key, property]) => {
    const { type, words, fallback } = readProperty(pathOf(heading, key), property)
    const name = required.has(key) ? `\`${key}\` (must be there)` : `\`${key}\``
    return `| ${name} | ${type} | ${fallback} | ${words} |`
  })
  const title = heading === 'The file' ? heading : `\`${heading}\``
  const table = ['| key | is | default | what it says |', '|---|---|---|---|', ...rows]
  const words = withoutDefault(escapeCell(node.description ?? ''), node.default)
  return `## ${title}\n\n${words}\n\n${table.join('\n')}\n`
}

function pathOf(heading, key) {
  return heading === 'The file' ? key : `${heading}.${key}`
}

/** A property's cells. A description beside `$ref` says more than the definition's own. */
function readProperty(path, property) {
  const { name, node } = resolve(property)
  const words = escapeCell(property.description ?? node.description ?? '')
  const value = property.default ?? node.default
  const fallback = value === undefined ? '' : `\`${showDefault(value)}\``
  return { type: typeOf(path, name, node), words: withoutDefault(words, value), fallback }
}

function showDefault(value) {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The default has a column of its own. */
function withoutDefault(words, value) {
  return value === undefined ? words : words.replace(/ Default: [^.]*(?:\.\d[^.]*)*\.?$/, '')
}

function resolve(property) {
  const name = property.$ref?.replace('#/definitions/', '') ?? null
  return { name, node: name === null ? property : schema.definitions[name] }
}

function typeOf(path, name, node) {
  const kinds = [node.type ?? []].flat()
  const parts = []
  if (node.enum) parts.push(node.enum.map((value) => `\`${value}\``).join(', '))
  if (node.const !== undefined) parts.push(`\`${node.const}\``)
  for (const kind of kinds) parts.push(partOf(kind, path, name, node))
  return parts.filter((part) => part !== '').join(' or ')
}

function partOf(kind, path, name, node) {
  switch (kind) {
    case 'string':
      return node.enum ? '' : textOf(node)
    case 'array':
      return `a list of ${plural(listed(path, node.items))}`
    case 'object':
      return objectOf(path, name, node)
    case 'integer':
    case 'number':
      return `a number${rangeOf(node)}`
    case 'boolean':
      return '`true` or `false`'
    default:
      return kind
  }
}

function textOf({ 'x-format': format }) {
  if (format === undefined) return 'a text'
  return FORMATS[format] ?? `a text (${format})`
}

function rangeOf({ minimum, maximum }) {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`
  return minimum === undefined ? '' : ` from ${minimum}`
}

/** "a header name" becomes "header names". */
function plural(words) {
  return words.replaceAll(/\ban? (text|path|name|method|header name|variable)\b/g, '$1s')
}

function listed(path, items) {
  const { name, node } = resolve(items)
  return typeOf(`${path}[]`, name, node)
}

/** An object has a section of its own; a map is told by what stands in it. */
function objectOf(path, name, node) {
  if (node.properties !== undefined) return linkTo(HEADINGS[name] ?? name ?? path, node)
  const values = node.additionalProperties
  if (typeof values !== 'object') return 'a map'
  const inner = resolve(values)
  return `a map of names to ${typeOf(`${path}.NAME`, inner.name, inner.node)}`
}

function linkTo(heading, node) {
  if (!written.has(heading)) {
    written.add(heading)
    queue.push({ heading, node })
  }
  const anchor = heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-')
  return `[\`${heading}\`](#${anchor})`
}

function escapeCell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

const head = `# Reference

Every key of a file, with what may stand there and what stands for it where it is left out. [The file](file.md) says what they mean together, [limits](limits.md) which limit is for what. This page is generated from [the schema](../schemas/routes.schema.json), which \`keyway schema\` prints: an editor shows the same words.

A duration is a number with \`ms\`, \`s\`, \`m\` or \`h\` (\`30s\`), a size one with \`B\`, \`KiB\`, \`MiB\` or \`GiB\` (\`32MiB\`), a rate a number within a time (\`60/m\`, \`500/10m\`), a share a number of percent (\`20%\`). \`routes[]\` is one of the list, \`upstreams.NAME\` one by its name.
`

writeGenerated('docs/reference.md', [head, ...sections].join('\n'), 'schemas/routes.schema.json')
