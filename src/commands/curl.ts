import { parseArgs } from 'node:util'
import { UsageError } from './command.ts'
import { splitHeader, type WrittenRequest } from './written-request.ts'

/** Those of curl's options that shape a request line or a header, and those whose value must not be taken for the URL. */
const CURL_FLAGS = {
  request: { type: 'string', short: 'X' },
  header: { type: 'string', short: 'H', multiple: true },
  url: { type: 'string' },
  data: { type: 'string', short: 'd', multiple: true },
  'data-raw': { type: 'string', multiple: true },
  'data-binary': { type: 'string', multiple: true },
  'data-urlencode': { type: 'string', multiple: true },
  'data-ascii': { type: 'string', multiple: true },
  form: { type: 'string', short: 'F', multiple: true },
  json: { type: 'string', multiple: true },
  get: { type: 'boolean', short: 'G' },
  head: { type: 'boolean', short: 'I' },
  user: { type: 'string', short: 'u' },
  cookie: { type: 'string', short: 'b' },
  'oauth2-bearer': { type: 'string' },
  'user-agent': { type: 'string', short: 'A' },
  referer: { type: 'string', short: 'e' },
  output: { type: 'string', short: 'o' },
  'max-time': { type: 'string', short: 'm' },
  'connect-timeout': { type: 'string' },
  'write-out': { type: 'string', short: 'w' },
  proxy: { type: 'string', short: 'x' },
  'upload-file': { type: 'string', short: 'T' },
  cacert: { type: 'string' },
  cert: { type: 'string', short: 'E' },
  key: { type: 'string' },
  resolve: { type: 'string', multiple: true },
  retry: { type: 'string' },
} as const

/** Reads a curl command's arguments as the request that curl would send; throws UsageError. */
export function parseCurl(args: readonly string[]): WrittenRequest {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: CURL_FLAGS,
    allowPositionals: true,
    strict: false,
  })
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' ? value : undefined
  const url = text(values.url) ?? positionals.find((word) => /[/.:]/.test(word))
  if (url === undefined) throw new UsageError('the curl command names no URL')
  const hasScheme = /^[a-z]+:\/\//i.test(url) || url.startsWith('/')
  return {
    method: text(values.request) ?? methodOf(values),
    url: hasScheme ? url : `http://${url}`,
    headers: [...written(values.header), ...implied(values)],
  }
}

type Values = Readonly<Record<string, unknown>>

function methodOf(values: Values): string {
  if (values.head) return 'HEAD'
  if (values.get) return 'GET'
  if (values['upload-file'] !== undefined) return 'PUT'
  const hasBody = Object.keys(values).some((name) => /^(data|json|form)/.test(name))
  return hasBody ? 'POST' : 'GET'
}

function written(header: unknown): string[] {
  const lines = Array.isArray(header) ? header.filter((line) => typeof line === 'string') : []
  return lines.flatMap(splitHeader)
}

function implied(values: Values): string[] {
  const fields: [string, string | null][] = [
    ['Authorization', values.user === undefined ? null : `Basic ${btoa(String(values.user))}`],
    [
      'Authorization',
      values['oauth2-bearer'] === undefined ? null : `Bearer ${values['oauth2-bearer']}`,
    ],
    ['Cookie', values.cookie === undefined ? null : String(values.cookie)],
    ['User-Agent', values['user-agent'] === undefined ? null : String(values['user-agent'])],
    ['Content-Type', values.json === undefined ? null : 'application/json'],
  ]
  return fields.flatMap(([name, value]) => (value === null ? [] : [name, value]))
}
