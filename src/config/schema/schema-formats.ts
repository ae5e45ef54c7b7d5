import { asciiHost } from '../../http/target/ascii-host.ts'
/** What a name is made of. */
export const NAME_RULE =
  'a name starts with a letter or digit, then come letters, digits, ".", "_" and "-"'

/** How a text that does not fit a pattern of the schema is told in plain words. */
export interface Format {
  readonly message: (value: string) => string
  readonly hint: (value: string) => string
}

function asciiHint(host: string): string | null {
  const ascii = asciiHost(host)
  return ascii === host ? null : `write ${ascii}, as requests name it`
}

function pathHint(value: string): string {
  if (value.startsWith('^'))
    return `a path is /exact, /with/:parameter or /below/*: write ${plainPath(value)}`
  const url = /^https?:\/\/([^/]*)(\/.*)?$/.exec(value)
  if (url) return `a path starts with "/": write ${url[2] ?? '/*'}, and ${url[1]} under "hosts"`
  return `a path starts with "/": write /${value}`
}

/** The path pattern that comes nearest to a regular expression. */
function plainPath(source: string): string {
  const path = source
    .replace(/^\^/, '')
    .replace(/\$$/, '')
    .replaceAll('\\', '')
    .replace(/\/?\(?\.[*+]\)?$/, '/*')
    .replaceAll(/\(?\[\^\/\]\+\)?/g, ':name')
  return path.startsWith('/') ? path : `/${path}`
}

/** `5min`, `1h30m` or `30 seconds` in one number and one unit. */
function plainDuration(value: string): string {
  const parts = [...value.matchAll(/(\d+)\s*([a-z]*)/gi)].map(([, count, unit = '']) => {
    if (/^d/i.test(unit)) return { count: 24 * Number(count), unit: 'h' }
    const [known = 's'] = /^(?:ms|mil|m|h|s)/i.exec(unit) ?? []
    return { count: Number(count), unit: known.toLowerCase().replace('mil', 'ms') }
  })
  const [first, ...rest] = parts
  if (first === undefined || value.startsWith('-')) return '30s'
  if (rest.length === 0) return `${first.count}${first.unit}`
  const seconds = parts.reduce((sum, { count, unit }) => sum + count * (SECONDS[unit] ?? 1), 0)
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`
}

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 }

/** The words for each `x-format` of the schema. */
export const FORMATS: Readonly<Record<string, Format>> = {
  duration: {
    message: (value) => `"${value}" is not a length of time`,
    hint: (value) => `write ${plainDuration(value)}; the units are ms, s, m and h`,
  },
  size: {
    message: (value) => `"${value}" is not a size`,
    hint: (value) =>
      `write ${/^\d+/.exec(value)?.[0] ?? 32}${/k/i.test(value) ? 'KiB' : 'MiB'}; the units are B, KiB, MiB and GiB`,
  },
  path: {
    message: (value) =>
      value.startsWith('^') ? `"${value}" is a regular expression` : `"${value}" is no path`,
    hint: pathHint,
  },
  method: {
    message: (value) => `"${value}" is no method`,
    hint: (value) => `methods are written in capitals: ${value.toUpperCase()}`,
  },
  balance: {
    message: (value) => `"${value}" is no way to choose a target`,
    hint: () => 'there are round-robin, least-requests and { hash: … }',
  },
  hash: {
    message: (value) => `"${value}" can't be hashed`,
    hint: () => 'there are credential, client and "header NAME"',
  },
  origin: {
    message: (value) => `"${value}" is no origin of a web page`,
    hint: (value) => {
      const host = /^[\w.-]+(:\d+)?$/.test(value) ? value : 'app.example.com'
      const known = /^[a-z][a-z0-9+.-]*:\/\/[^/\s?#]+/i.exec(value)?.[0]
      return `write ${known ?? `https://${host}`}: a scheme and a host, with a port where it has one`
    },
  },
  host: {
    message: (value) => `"${value}" is no host name`,
    hint: (value) =>
      asciiHint(value) ?? 'write keyway.example.com, or *.example.com, without scheme and port',
  },
  authority: {
    message: (value) => `"${value}" is no Host`,
    hint: (value) =>
      asciiHint(value) ?? 'write preserve, or a name without scheme and path, such as api.internal',
  },
  failure: {
    message: (value) => `"${value}" is no failure`,
    hint: (value) =>
      /^\d{3}$/.test(value)
        ? `write a status without quotes: ${value}`
        : 'there are connect, reset, timeout, 5xx, and statuses such as 429',
  },
  share: {
    message: (value) => `"${value}" is no share`,
    hint: (value) => `write ${/^\d+/.exec(value)?.[0] ?? 20}%`,
  },
  off: {
    message: (value) => `"${value}" is no setting of it`,
    hint: () => 'write "off", or what differs from the defaults, such as { failures: 3 }',
  },
  place: {
    message: (value) => `"${value}" is no place of a credential`,
    hint: () =>
      'write a header name, "query NAME", "cookie NAME", "subprotocol PREFIX*" or "subprotocol WORD *"',
  },
  rate: {
    message: (value) => `"${value}" is no number of requests within a time`,
    hint: (value) =>
      /^0/.test(value)
        ? 'it is at least one; what is never to be forwarded is rejected by a rule: reject 403'
        : `write ${/^\d+/.exec(value)?.[0] ?? 60}/m; the units are ms, s, m and h`,
  },
  'redis-url': {
    message: (value) => `"${value}" is no URL of a Redis server`,
    hint: () => 'write redis://HOST:6379, or rediss:// for TLS',
  },
  'environment-variable': {
    message: (value) => `"${value}" is no name of an environment variable`,
    hint: (value) => `write it without $ and braces: ${value.replace(/[^A-Za-z0-9_]/g, '')}`,
  },
  name: {
    message: (value) => `"${value}" is no name`,
    hint: () => NAME_RULE,
  },
  'header-name': {
    message: (value) => `"${value}" is no header name`,
    hint: () => 'letters, digits and "-" make one, without ":" and spaces',
  },
  scheme: {
    message: (value) => `"${value}" is no scheme`,
    hint: () => 'a scheme is one word, such as Bearer',
  },
  subprotocol: {
    message: (value) => `"${value}" is no pattern of a WebSocket subprotocol`,
    hint: () => 'write "PREFIX*", or "WORD *" where the credential is the next one',
  },
}
