import { expect, test } from 'vitest'
import { commentOn, writeCurl } from '../../../src/config/diagnostics/write-curl.ts'

const rows: readonly {
  readonly name: string
  readonly request: readonly [string, string, ...string[]]
  readonly asked?: readonly string[]
  readonly command: string
}[] = [
  {
    name: 'HEAD, of whose answer curl would wait for a body',
    request: ['HEAD', '/a'],
    command: 'curl -I http://127.0.0.1:8080/a',
  },
  {
    name: 'brackets and braces, which are patterns to curl',
    request: ['GET', '/a?x[]={1,2}'],
    command: "curl -g 'http://127.0.0.1:8080/a?x[]={1,2}'",
  },
  {
    name: 'no field that curl adds by itself and that is asked for',
    request: ['GET', '/a', 'Host', 'localhost'],
    asked: ['user-agent', 'accept', 'x-team'],
    command: 'curl -H user-agent: -H accept: http://127.0.0.1:8080/a',
  },
  {
    name: 'a Host that is asked for, though it is the usual one',
    request: ['GET', '/a', 'Host', 'localhost'],
    asked: ['host'],
    command: "curl -H 'host: localhost' http://127.0.0.1:8080/a",
  },
  {
    name: 'bytes beyond ASCII, which a terminal would write as two',
    request: ['GET', '/a', 'x-v', `50% '\\\xe9`],
    command: String.raw`curl -H "$(printf 'x-v: 50%% '\''\\\351')" http://127.0.0.1:8080/a`,
  },
  {
    name: 'one that the request has',
    request: ['POST', '/a', 'User-Agent', 'x'],
    asked: ['user-agent'],
    command: "curl -X POST -H 'user-agent: x' http://127.0.0.1:8080/a",
  },
]

test.each(rows)('a request as a command: $name', ({ request, asked = [], command }) => {
  const [method, target, ...headers] = request
  expect(writeCurl({ method, target, headers }, { asked })).toBe(command)
})

test.each([
  [null, null, ''],
  ['10.0.0.1', null, ' # from 10.0.0.1'],
  ['a Unix socket', 'ci', ' # from a Unix socket; client:ci stands for the token of "ci"'],
])('what a command does not say: from %s, of %s', (from, client, comment) => {
  expect(commentOn({ from, client })).toBe(comment)
})
