import { describe, expect, test } from 'vitest'
import { parseCurl } from '../../src/commands/curl/parse-curl.ts'
import { splitShell } from '../../src/commands/curl/shell-words.ts'
import { viewOfWritten } from '../../src/commands/written-request.ts'

const URL = 'http://127.0.0.1:8080/anthropic/v1/messages'

const requests = [
  { name: 'a URL', args: [URL], method: 'GET', url: URL, headers: [] },
  { name: 'a URL without a scheme', args: ['proxy.test/x'], url: 'http://proxy.test/x' },
  { name: 'a path', args: ['/x'], url: '/x' },
  { name: '--url', args: ['--url', URL], url: URL },
  {
    name: 'the URL in the middle',
    args: ['-X', 'PUT', URL, '-H', 'a: b'],
    method: 'PUT',
    url: URL,
  },
  {
    name: 'headers in the order written, split at the first colon',
    args: ['-H', 'x-api-key: k-TEST', '--header', 'X-Time: 10:30', URL],
    url: URL,
    headers: ['x-api-key', 'k-TEST', 'X-Time', '10:30'],
  },
  { name: 'POST by -d', args: ['-d', '{}', URL], method: 'POST' },
  { name: 'POST by --data-raw', args: ['--data-raw', '{}', URL], method: 'POST' },
  { name: 'POST by --data-binary', args: ['--data-binary', '@f.json', URL], method: 'POST' },
  { name: 'POST by -F', args: ['-F', 'a=b', URL], method: 'POST' },
  {
    name: 'POST by --json',
    args: ['--json', '{}', URL],
    method: 'POST',
    headers: ['Content-Type', 'application/json', 'Accept', 'application/json'],
  },
  {
    name: 'GET by -G for all its data',
    args: ['-G', '-d', 'a=b', URL],
    method: 'GET',
    url: `${URL}?a=b`,
  },
  { name: 'HEAD by -I', args: ['-I', URL], method: 'HEAD' },
  { name: 'PUT by -T', args: ['-T', 'file', URL], method: 'PUT' },
  { name: '-X before all others', args: ['-X', 'DELETE', '-d', 'x', URL], method: 'DELETE' },
  {
    name: '-u as Basic',
    args: ['-u', 'user:pass-TEST', URL],
    headers: ['Authorization', 'Basic dXNlcjpwYXNzLVRFU1Q='],
  },
  {
    name: '--oauth2-bearer',
    args: ['--oauth2-bearer', 't-TEST', URL],
    headers: ['Authorization', 'Bearer t-TEST'],
  },
  { name: '-b as Cookie', args: ['-b', 'a=1; b=2', URL], headers: ['Cookie', 'a=1; b=2'] },
  { name: '-A as User-Agent', args: ['-A', 'x/1', URL], headers: ['User-Agent', 'x/1'] },
  {
    name: 'values that look like URLs for none',
    args: ['-o', 'out/file.txt', '--proxy', 'http://other.test', '-e', 'http://from.test', URL],
    url: URL,
  },
  ...(
    [
      ['--unix-socket', '/run/a.sock'],
      ['--connect-to', 'a.test:80:b.test:81'],
      ['--proxy-user', 'a:b-TEST'],
      ['--tls-max', '1.2'],
      ['--rate', '2/s'],
      ['-U', 'a:b-TEST'],
      ['-y', '3'],
      ['--ech', 'true'],
    ] as const
  ).map((option) => ({ name: `${option[0]} and its value`, args: [...option, URL], url: URL })),
  { name: 'letters in one word', args: ['-sSXPUT', URL], method: 'PUT', url: URL },
  { name: 'a word as a host', args: ['word'], url: 'http://word' },
  {
    name: '-G -d as the query',
    args: ['-G', '-d', 'a=1', '--data-urlencode', 'b=x y', `${URL}?c=2`],
    method: 'GET',
    url: `${URL}?c=2&a=1&b=x%20y`,
    headers: [],
  },
  { name: 'a path without its dots', args: ['http://a.test/x/../y/./z'], url: 'http://a.test/y/z' },
  {
    name: '--path-as-is',
    args: ['--path-as-is', 'http://a.test/x/../y'],
    url: 'http://a.test/x/../y',
  },
  {
    name: 'a header that takes off an implied one',
    args: ['--compressed', '-H', 'accept-encoding:', '-H', 'x-empty;', URL],
    headers: ['x-empty', ''],
  },
  {
    name: 'the type of a form that is sent',
    args: ['-d', 'a=1', URL],
    headers: ['Content-Type', 'application/x-www-form-urlencoded'],
  },
  { name: '--digest, which first asks', args: ['--digest', '-u', 'a:b-TEST', URL], headers: [] },
  { name: 'flags that shape nothing', args: ['-sS', '--no-buffer', '-k', URL], url: URL },
]

describe('a curl command is read as the request that curl would send', () => {
  test.each(requests)('$name', ({ args, method, url, headers }) => {
    const request = parseCurl(args)
    expect(request).toEqual({
      method: method ?? request.method,
      url: url ?? URL,
      headers: headers ?? request.headers,
    })
  })

  test('without a URL it is wrong usage', () => {
    expect(() => parseCurl(['-X', 'POST'])).toThrow('the curl command names no URL')
  })

  test.each(['x-api-key', ': value', 'a b: c'])('a header written as %j is wrong usage', (line) => {
    expect(() => parseCurl(['-H', line, URL])).toThrow('a header is written as "name: value"')
  })
})

describe('a curl command that says not all of its request is refused', () => {
  test.each([
    { args: ['-K', 'file', URL], reason: "curl's --config reads options from a file" },
    { args: ['-n', URL], reason: "curl's --netrc reads credentials from a file" },
    { args: ['--aws-sigv4', 'aws:amz', URL], reason: "curl's --aws-sigv4 signs the request" },
    { args: ['--ntlm', '-u', 'a:b-TEST', URL], reason: 'authenticates the connection' },
    { args: ['-H', '@headers', URL], reason: 'reads headers from a file' },
    { args: ['-b', 'jar', URL], reason: 'reads cookies from a file' },
    { args: ['-G', '-d', '@file', URL], reason: 'reads a file' },
    { args: [URL, 'http://b.test'], reason: 'names several URLs' },
    { args: [URL, '--next', 'http://b.test'], reason: 'begins a second request' },
    { args: ['--unknown-TEST', 'x', URL], reason: 'curl has no option --unknown-TEST' },
    { args: ['-\u00e4', URL], reason: 'curl has no option' },
    { args: ['-H'], reason: "curl's -H lacks its value" },
  ])('$args', ({ args, reason }) => {
    expect(() => parseCurl(args)).toThrow(reason)
  })
})

describe('a pasted command is split as a shell does', () => {
  test.each([
    { text: "curl -H 'a: b c' http://x", words: ['curl', '-H', 'a: b c', 'http://x'] },
    { text: 'curl \\\n  -X PUT\thttp://x', words: ['curl', '-X', 'PUT', 'http://x'] },
    { text: 'curl "a\\"b" \\$x', words: ['curl', 'a"b', '$x'] },
    { text: "curl $'a\\nb' ''", words: ['curl', 'a\nb', ''] },
  ])('$text', ({ text, words }) => {
    expect(splitShell(text)).toEqual(words)
  })

  test('a quote that is never closed', () => {
    expect(() => splitShell("curl 'x")).toThrow('never closed')
  })
})

const views = [
  { url: 'http://Api.test:81/a?b=1#c', target: '/a?b=1', host: 'Api.test:81' },
  { url: 'https://api.test', target: '/', host: 'api.test' },
  { url: 'https://api.test?b=1', target: '/?b=1', host: 'api.test' },
  { url: '/a', target: '/a', host: 'localhost' },
]

describe('a written request as the engine sees it', () => {
  test.each(views)('$url', ({ url, target, host }) => {
    const view = viewOfWritten({ method: 'GET', url, headers: ['A', '1'] }, '192.0.2.1')
    expect(view).toMatchObject({
      method: 'GET',
      target,
      headers: ['Host', host, 'A', '1'],
      peerIp: '192.0.2.1',
    })
  })

  test('a host that is written stays', () => {
    const headers = ['hOST', 'other.test']
    expect(viewOfWritten({ method: 'GET', url: 'http://a.test/', headers }, '::1').headers).toEqual(
      headers,
    )
  })
})
