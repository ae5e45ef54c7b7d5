import { describe, expect, test } from 'vitest'
import { parseCurl } from '../../src/commands/curl.ts'
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
    headers: ['Content-Type', 'application/json'],
  },
  { name: 'GET by -G for all its data', args: ['-G', '-d', 'a=b', URL], method: 'GET' },
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
  { name: 'flags that shape nothing', args: ['-sS', '--compressed', '-k', URL], url: URL },
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
    expect(() => parseCurl(['-X', 'POST', 'word'])).toThrow('the curl command names no URL')
  })

  test.each(['x-api-key', ': value', 'a b: c'])('a header written as %j is wrong usage', (line) => {
    expect(() => parseCurl(['-H', line, URL])).toThrow('a header is written as "name: value"')
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
