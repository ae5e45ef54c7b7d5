import { UsageError } from '../command.ts'
import { splitHeader, type WrittenRequest } from '../written-request.ts'
import { type CurlWords, splitCurl } from './curl-words.ts'

/** Options with which the request is not known from the command alone. */
const REFUSED: Readonly<Record<string, string>> = {
  help: 'sends no request',
  manual: 'sends no request',
  version: 'sends no request',
  config: 'reads options from a file',
  next: 'begins a second request',
  netrc: 'reads credentials from a file',
  'netrc-file': 'reads credentials from a file',
  'netrc-optional': 'reads credentials from a file',
  variable: 'reads values from elsewhere',
  ntlm: 'authenticates the connection',
  'ntlm-wb': 'authenticates the connection',
  negotiate: 'authenticates the connection',
  'aws-sigv4': 'signs the request',
  'etag-compare': 'reads a header from a file',
}

/** Reads a curl command's arguments as the request that curl would send; throws UsageError. */
export function parseCurl(args: readonly string[]): WrittenRequest {
  const words = splitCurl(args)
  for (const [name, reason] of Object.entries(REFUSED))
    if (words.values.has(name))
      throw new UsageError(`curl's --${name} ${reason}; say what it sends`)
  const [url, ...others] = words.urls
  if (url === undefined) throw new UsageError('the curl command names no URL')
  if (others.length > 0) throw new UsageError('the curl command names several URLs; keep one')
  const method = last(words, 'request') ?? methodOf(words)
  return { method, url: targetOf(words, url), headers: headersOf(words) }
}

function last({ values }: CurlWords, name: string): string | undefined {
  return values.get(name)?.at(-1)
}

const DATA = ['data', 'data-ascii', 'data-raw', 'data-binary', 'data-urlencode'] as const

function methodOf(words: CurlWords): string {
  const { values } = words
  if (values.has('head')) return 'HEAD'
  if (values.has('get')) return 'GET'
  if (values.has('upload-file')) return 'PUT'
  const hasBody = [...DATA, 'json', 'form', 'form-string'].some((name) => values.has(name))
  return hasBody ? 'POST' : 'GET'
}

function targetOf(words: CurlWords, url: string): string {
  const isWhole = /^[a-z]+:\/\//i.test(url) || url.startsWith('/')
  const [base = '', query] = splitQuery(isWhole ? url : `http://${url}`)
  const uploaded = last(words, 'upload-file')
  const path = uploaded && base.endsWith('/') ? `${base}${uploaded.replace(/^.*\//, '')}` : base
  const squashed = words.values.has('path-as-is') ? path : squash(path)
  const parts = [query, ...(words.values.get('url-query') ?? []).map(encodePair), ...dataOf(words)]
  const all = parts.filter((part) => part !== undefined && part !== '')
  return all.length === 0 ? squashed : `${squashed}?${all.join('&')}`
}

function splitQuery(url: string): [string, string | undefined] {
  const bare = url.replace(/#.*$/s, '')
  const at = bare.indexOf('?')
  return at < 0 ? [bare, undefined] : [bare.slice(0, at), bare.slice(at + 1)]
}

/** curl takes `.` and `..` out of a path before it sends it. */
function squash(url: string): string {
  const [, origin = '', path = ''] = /^([a-z]+:\/\/[^/]*)?(.*)$/is.exec(url) ?? []
  if (!/\/\.{1,2}(\/|$)/.test(path)) return url
  const kept: string[] = []
  const steps = path.split('/').slice(1)
  for (const step of steps) {
    if (step === '..') kept.pop()
    else if (step !== '.') kept.push(step)
  }
  const isFolder = /^\.{0,2}$/.test(steps.at(-1) ?? '')
  return `${origin}/${kept.filter((step, at) => step !== '' || at < kept.length - 1).join('/')}${isFolder && kept.length > 0 ? '/' : ''}`
}

/** With -G, what would have been the body is the query. */
function dataOf({ values }: CurlWords): string[] {
  if (!values.has('get')) return []
  return DATA.flatMap((name) =>
    (values.get(name) ?? []).map((text) => {
      if (name !== 'data-raw' && /^@|^[^=]*@/.test(text))
        throw new UsageError(`curl's --${name} reads a file; write what it holds`)
      return name === 'data-urlencode' ? encodePair(text) : text
    }),
  )
}

/** `name=content` with the content encoded; `=content` and `content` without a name. */
function encodePair(text: string): string {
  const at = text.indexOf('=')
  if (at < 0) return encodeURIComponent(text)
  const name = text.slice(0, at)
  return `${name === '' ? '' : `${name}=`}${encodeURIComponent(text.slice(at + 1))}`
}

/** The fields that were written, and those that options stand for; `-H 'name:'` takes one of these off. */
function headersOf(words: CurlWords): string[] {
  const lines = words.values.get('header') ?? []
  if (lines.some((line) => line.startsWith('@')))
    throw new UsageError("curl's -H @FILE reads headers from a file; write what it holds")
  const off = lines.filter((line) => /^[^:;]+:\s*$/.test(line))
  const dropped = new Set(off.map((line) => nameOf(line)))
  const written = lines.filter((line) => !off.includes(line))
  const own = written.flatMap((line) =>
    /^[^:;]+;$/.test(line) ? [line.slice(0, -1), ''] : splitHeader(line),
  )
  const names = new Set([...dropped, ...written.map(nameOf)])
  const implied = impliedBy(words).filter(([name]) => !names.has(name.toLowerCase()))
  return [...own, ...implied.flat()]
}

function nameOf(line: string): string {
  return (/^[^:;]*/.exec(line)?.[0] ?? '').trim().toLowerCase()
}

function impliedBy(words: CurlWords): [string, string][] {
  const { values } = words
  const fields: [string, string | undefined][] = [
    ['Authorization', authorizationOf(words)],
    ['Cookie', cookieOf(words)],
    ['User-Agent', last(words, 'user-agent')],
    ['Referer', last(words, 'referer')],
    ['Range', values.has('range') ? `bytes=${last(words, 'range')}` : undefined],
    ['Accept-Encoding', values.has('compressed') ? 'deflate, gzip, br, zstd' : undefined],
    ['Content-Type', contentTypeOf(words)],
    ['Accept', values.has('json') ? 'application/json' : undefined],
  ]
  return fields.flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  )
}

function authorizationOf(words: CurlWords): string | undefined {
  const token = last(words, 'oauth2-bearer')
  if (token !== undefined) return `Bearer ${token}`
  const user = last(words, 'user')
  // With these the first request goes without credentials, to be told how.
  const isAsked = words.values.has('digest') || words.values.has('anyauth')
  return user === undefined || isAsked ? undefined : `Basic ${btoa(user)}`
}

function cookieOf(words: CurlWords): string | undefined {
  const cookies = words.values.get('cookie') ?? []
  if (cookies.some((cookie) => !cookie.includes('=')))
    throw new UsageError("curl's -b FILE reads cookies from a file; write what it holds")
  return cookies.length === 0 ? undefined : cookies.join('; ')
}

function contentTypeOf({ values }: CurlWords): string | undefined {
  if (values.has('json')) return 'application/json'
  if (values.has('form') || values.has('form-string')) return 'multipart/form-data'
  if (values.has('get')) return undefined
  return DATA.some((name) => values.has(name)) ? 'application/x-www-form-urlencoded' : undefined
}
