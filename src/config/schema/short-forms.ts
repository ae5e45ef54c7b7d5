import { parseConditionText } from '../language/sentence.ts'
import { SentenceError } from '../language/sentence-error.ts'
import { type Document, formatPath, isContainer, type Path, valueAt } from '../text/document.ts'

/** A value of the wrong type, and where it stands. */
export interface Meant {
  readonly document: Document
  readonly path: Path
  readonly value: unknown
}

/** Short forms that people expect, by the end of the path at which they stand. */
const MEANT: readonly (readonly [RegExp, (meant: Meant) => string | null])[] = [
  [/^server$/, ({ value }) => ofText(value, (text) => `write server: { listen: ${text} }`)],
  [
    /^server\.(?:listen|admin)$/,
    ({ value }) => (typeof value === 'number' ? `write 127.0.0.1:${value}` : null),
  ],
  [/^server\.log$/, ({ value }) => ofText(value, logHint)],
  [/^server\.store$/, ({ value }) => ofText(value, (text) => `write store: { redis: ${text} }`)],
  [/^audit$/, ({ value }) => ofText(value, (text) => `write audit: { file: ${text} }`)],
  [/^server\.admin$/, ({ value }) => (value === false ? 'write admin: off' : null)],
  [/^secrets\.[^.]+$/, ({ value }) => ofText(value, secretHint)],
  [/^upstreams$/, ({ value }) => (Array.isArray(value) ? namedHint(value, 'upstreams') : null)],
  [/^secrets$/, ({ value }) => (Array.isArray(value) ? namedHint(value, 'secrets') : null)],
  [
    /\.tokens\.[^.]+$/,
    ({ value }) =>
      ofText(value, () => 'write { file: PATH }: a file with the SHA-256 of the token'),
  ],
  [/\.match$/, ({ value }) => ofText(value, (text) => `write match: { path: ${text} }`)],
  [/\.health$/, ({ value }) => ofText(value, (text) => `write health: { path: ${text} }`)],
  [/\.rewrite$/, ({ value }) => ofText(value, (text) => `write rewrite: { path: ${text} }`)],
  [/\.strip$/, (meant) => (meant.value === true ? stripHint(meant) : null)],
  [/\.use$/, ({ value }) => (Array.isArray(value) ? ONE_CREDENTIAL : null)],
  [/^upstreams\.[^.]+$/, ({ value }) => (Array.isArray(value) ? targetsHint(value) : null)],
  [/^upstreams\.[^.]+\.tls$/, ({ value }) => (value === true ? TLS_BY_URL : null)],
  [/\.tls$/, ({ value }) => (value === true ? 'write tls: { cert: FILE, key: FILE }' : null)],
  [/^clients\.tokens$/, ({ value }) => (Array.isArray(value) ? namedHint(value, 'tokens') : null)],
  [/\.fallback\[\d+\]$/, ({ value }) => ofText(value, (text) => `write { upstream: ${text} }`)],
  [/\.retry$/, ({ value }) => attemptsHint(value)],
  [
    /^routes\[\d+\]\.fallback$/,
    ({ value }) => ofText(value, (text) => `write a list: - upstream: ${text}`),
  ],
  [
    /\.upstream$/,
    ({ value }) =>
      isContainer(value) ? 'give it a name under "upstreams", and write that name here' : null,
  ],
  [/\.if\.credential$/, ({ value }) => ofText(value, credentialHint)],
  [/\.if$/, ({ value }) => ofText(value, conditionHint)],
  [/^tests\[\d+\]\.request$/, ({ value }) => ofText(value, requestHint)],
  [
    /^tests\[\d+\]\.expect$/,
    ({ value }) => (typeof value === 'number' ? `write expect: { status: ${value} }` : null),
  ],
]

/** What a short form that people expect is written as; null: it is none. */
export function meantHint(meant: Meant): string | null {
  const where = formatPath(meant.path)
  for (const [place, hint] of MEANT) {
    const words = place.test(where) ? hint(meant) : null
    if (words !== null) return words
  }
  return null
}

function ofText(value: unknown, hint: (text: string) => string | null): string | null {
  return typeof value === 'string' ? hint(value) : null
}

const ONE_CREDENTIAL =
  'one credential leaves, in one place: name that; what goes along with it stands under "also"'
const TLS_BY_URL = 'where "url" begins with https:// TLS is spoken: leave it out'

function targetsHint(list: readonly unknown[]): string {
  const urls = list.filter((one) => typeof one === 'string')
  return `write { targets: [${urls.join(', ')}] }`
}

/** A pattern, or what can only be a kind, where a map of matchers is wanted. */
function credentialHint(text: string): string {
  const key = /[\^$*()|\\[]/.test(text) ? 'matches' : 'kind'
  return `write credential: { ${key}: ${text} }`
}

function logHint(text: string): string {
  const key = /^(?:json|logfmt|pretty)$/.test(text) ? 'format' : 'level'
  return `write log: { ${key}: ${text} }`
}

function secretHint(text: string): string {
  const variable = /^\$?\{?(?:env\.)?([A-Z_][A-Z0-9_]*)\}?$/.exec(text)?.[1]
  if (variable) return `write { env: ${variable} }`
  return /^[~./]/.test(text)
    ? `write { file: ${text} }`
    : 'no secret stands in the file: write { env: NAME } or { file: PATH }'
}

function namedHint(list: readonly unknown[], section: string): string {
  const [first] = list
  const name = isContainer(first) ? (first as { name?: unknown }).name : undefined
  return typeof name === 'string'
    ? `${section} are a map: write "${name}:" in place of "- name: ${name}"`
    : `${section} are a map: write "NAME:" in place of "- "`
}

function stripHint({ document, path }: Meant): string {
  const match = valueAt(document.value, [...path.slice(0, 2), 'match', 'path'])
  const fixed = typeof match === 'string' ? match.replace(/\/[:*].*$/, '') : ''
  return `write the path that is taken off: strip: ${fixed || '/PREFIX'}`
}

function attemptsHint(value: unknown): string | null {
  if (value === false) return 'write retry: { attempts: 0 }'
  if (value === true) return 'write how often: retry: { attempts: 2 }'
  return typeof value === 'number' ? `write retry: { attempts: ${value} }` : null
}

/** A condition that was written as a sentence, or as an expression, in the form of a map. */
function conditionHint(text: string): string {
  const plain = text.replace(/\b(credential|client)\.(\w+)/g, '$1 $2').replace(/\s+={1,3}\s+/g, ' ')
  try {
    return `write if: ${inline(parseConditionText(plain))}`
  } catch (error) {
    if (!(error instanceof SentenceError)) throw error
    return 'write a map, such as { credential: { kind: openai } }, or the whole rule as a sentence'
  }
}

/** A value as YAML on one line. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (!isContainer(value))
    return /^[A-Za-z^/][^:#{}[\],"']*$/.test(String(value)) ? String(value) : JSON.stringify(value)
  const entries = Object.entries(value).map(([key, child]) => `${key}: ${inline(child)}`)
  return `{ ${entries.join(', ')} }`
}

function requestHint(text: string): string | null {
  const [, method, path] = /^(?:([A-Z]+)\s+)?(\/\S*)$/.exec(text) ?? []
  if (path === undefined) return null
  return method === undefined
    ? `write { path: ${path} }`
    : `write { method: ${method}, path: ${path} }`
}
