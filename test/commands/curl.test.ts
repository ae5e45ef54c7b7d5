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
    headers: ['a', 'b'],
  },
  {
    name: 'headers in the order written, split at the first colon',
    args: ['-H', 'x-api-key: k-TEST', '--header', 'X-Time: 10:30', URL],
    url: URL,
    headers: ['x-api-key', 'k-TEST', 'X-Time', '10:30'],
  },
  { name: '-r as Range', args: ['-r', '0-9', URL], headers: ['Range', 'bytes=0-9'] },
  {
    name: '--compressed as Accept-Encoding',
    args: ['--compressed', URL],
    headers: ['Accept-Encoding', 'deflate, gzip, br, zstd'],
  },
  { name: 'two cookies', args: ['-b', 'a=1', '-b', 'b=2', URL], headers: ['Cookie', 'a=1; b=2'] },
  {
    name: 'a header that is written in place of the one that an option stands for',
    args: ['-u', 'a:b-TEST', '-H', 'AUTHORIZATION: Bearer t-TEST', URL],
    headers: ['AUTHORIZATION', 'Bearer t-TEST'],
  },
  {
    name: 'a header with a semicolon in its value',
    args: ['-H', 'Accept: a;q=1;', URL],
    headers: ['Accept', 'a;q=1;'],
  },
  { name: '--anyauth, which first asks', args: ['--anyauth', '-u', 'a:b-TEST', URL] },
  {
    name: '-T to a folder',
    args: ['-T', 'a/b.txt', 'http://a.test/x/'],
    method: 'PUT',
    url: 'http://a.test/x/b.txt',
  },
  {
    name: '-T to a file',
    args: ['-T', 'a/b.txt', 'http://a.test/x'],
    method: 'PUT',
    url: 'http://a.test/x',
  },
  { name: '-G without data', args: ['-G', 'http://a.test/x?'], url: 'http://a.test/x' },
  {
    name: 'data that begins with what no file is',
    args: ['-G', '--data-raw', '@a', 'http://a.test/'],
    url: 'http://a.test/?@a',
  },
  {
    name: 'data without a name, encoded',
    args: ['-G', '--data-urlencode', '=a b', '--data-urlencode', 'c d', 'http://a.test/'],
    url: 'http://a.test/?a%20b&c%20d',
  },
  {
    name: '--url-query',
    args: ['--url-query', 'a=b c', 'http://a.test/?x=1'],
    url: 'http://a.test/?x=1&a=b%20c',
  },
  { name: 'a fragment, which is not sent', args: ['http://a.test/x#a?b'], url: 'http://a.test/x' },
  { name: 'a query alone', args: ['http://a.test?b=1'], url: 'http://a.test?b=1' },
  { name: 'dots at the end', args: ['http://a.test/x/y/..'], url: 'http://a.test/x/' },
  { name: 'more dots than folders', args: ['http://a.test/../../x'], url: 'http://a.test/x' },
  { name: 'dots in a name', args: ['http://a.test/a..b/.c'], url: 'http://a.test/a..b/.c' },
  {
    name: 'all letters that shape a request',
    args: ['-GIXPATCH', '-A', 'x', URL],
    method: 'PATCH',
    headers: ['User-Agent', 'x'],
  },
  ...(
    [
      ['-d', '{}', 'application/x-www-form-urlencoded'],
      ['--data-raw', '{}', 'application/x-www-form-urlencoded'],
      ['--data-binary', '@f.json', 'application/x-www-form-urlencoded'],
      ['-F', 'a=b', 'multipart/form-data'],
      ['--form-string', 'a=b', 'multipart/form-data'],
    ] as const
  ).map(([flag, value, type]) => ({
    name: `POST by ${flag}`,
    args: [flag, value, URL],
    method: 'POST',
    headers: ['Content-Type', type],
  })),
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
  {
    name: '-X before all others',
    args: ['-X', 'DELETE', '-d', 'x', URL],
    method: 'DELETE',
    headers: ['Content-Type', 'application/x-www-form-urlencoded'],
  },
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
    headers: ['Referer', 'http://from.test'],
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
  { name: '--digest, which first asks', args: ['--digest', '-u', 'a:b-TEST', URL], headers: [] },
  { name: 'flags that shape nothing', args: ['-sS', '--no-buffer', '-k', URL], url: URL },
]

describe('a curl command is read as the request that curl would send', () => {
  test.each(requests)('$name', ({ args, method, url, headers }) => {
    expect(parseCurl(args)).toEqual({
      method: method ?? 'GET',
      url: url ?? URL,
      headers: headers ?? [],
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
    { args: ['--netrc-file', 'f', URL], reason: '--netrc-file reads credentials from a file' },
    { args: ['--netrc-optional', URL], reason: '--netrc-optional reads credentials from a file' },
    { args: ['--variable', 'a=b', URL], reason: '--variable reads values from elsewhere' },
    { args: ['--ntlm-wb', URL], reason: '--ntlm-wb authenticates the connection' },
    { args: ['--negotiate', URL], reason: '--negotiate authenticates the connection' },
    { args: ['--etag-compare', 'f', URL], reason: '--etag-compare reads a header from a file' },
    { args: ['-h'], reason: "curl's --help sends no request" },
    { args: ['-M'], reason: "curl's --manual sends no request" },
    { args: ['-V'], reason: "curl's --version sends no request" },
    { args: ['-:', URL], reason: "curl's --next begins a second request" },
    {
      args: ['--key-123-FAKE', URL],
      reason: 'curl has no option that is written that is known here',
    },
    {
      args: [`--${'x'.repeat(40)}`, URL],
      reason: 'curl has no option that is written that is known here',
    },
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
    { text: "curl $'\\t\\r\\q' ", words: ['curl', '\t\rq'] },
    { text: `curl a'b'"c"\\d`, words: ['curl', 'abcd'] },
    { text: '', words: [] },
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
