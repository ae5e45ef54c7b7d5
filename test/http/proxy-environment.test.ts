import { expect, test } from 'vitest'
import { findEnvironmentProxy } from '../../src/http/proxy-environment.ts'

const PROXY = 'http://proxy.test:3128'

const table: readonly {
  name: string
  env: Record<string, string>
  url?: string
  proxy: string | null
}[] = [
  { name: 'nothing set', env: {}, proxy: null },
  { name: 'HTTPS_PROXY', env: { HTTPS_PROXY: PROXY }, proxy: PROXY },
  {
    name: 'lower case goes first',
    env: { HTTPS_PROXY: 'http://no', https_proxy: PROXY },
    proxy: PROXY,
  },
  { name: 'HTTP_PROXY is not for https', env: { HTTP_PROXY: PROXY }, proxy: null },
  { name: 'HTTP_PROXY for http', env: { HTTP_PROXY: PROXY }, url: 'http://api.test', proxy: PROXY },
  { name: 'ALL_PROXY', env: { ALL_PROXY: PROXY }, proxy: PROXY },
  { name: 'a proxy without scheme', env: { HTTPS_PROXY: 'proxy.test:3128' }, proxy: PROXY },
  { name: 'an empty one', env: { HTTPS_PROXY: '' }, proxy: null },
  { name: 'exempt host', env: { HTTPS_PROXY: PROXY, NO_PROXY: 'a.test, api.test' }, proxy: null },
  { name: 'exempt domain', env: { HTTPS_PROXY: PROXY, NO_PROXY: 'test' }, proxy: null },
  { name: 'exempt domain with a dot', env: { HTTPS_PROXY: PROXY, NO_PROXY: '.test' }, proxy: null },
  {
    name: 'part of a name is no domain',
    env: { HTTPS_PROXY: PROXY, NO_PROXY: 'pi.test' },
    proxy: PROXY,
  },
  { name: 'exempt port', env: { HTTPS_PROXY: PROXY, NO_PROXY: 'api.test:443' }, proxy: null },
  { name: 'another port', env: { HTTPS_PROXY: PROXY, NO_PROXY: 'api.test:8443' }, proxy: PROXY },
  {
    name: 'the port that http has anyway',
    env: { HTTP_PROXY: PROXY, NO_PROXY: 'api.test:80' },
    url: 'http://api.test',
    proxy: null,
  },
  {
    name: 'the port of http is not that of https',
    env: { HTTPS_PROXY: PROXY, NO_PROXY: 'api.test:80' },
    proxy: PROXY,
  },
  { name: 'exempt by a star', env: { HTTPS_PROXY: PROXY, NO_PROXY: '*.test' }, proxy: null },
  { name: 'a port without a host', env: { HTTPS_PROXY: PROXY, NO_PROXY: ':443' }, proxy: PROXY },
  {
    name: 'no port behind a colon',
    env: { HTTPS_PROXY: PROXY, NO_PROXY: 'api.test:' },
    proxy: PROXY,
  },
  {
    name: 'a port of no digits',
    env: { HTTPS_PROXY: PROXY, NO_PROXY: 'api.test:x' },
    proxy: PROXY,
  },
  { name: 'commas alone', env: { HTTPS_PROXY: PROXY, NO_PROXY: ', ,' }, proxy: PROXY },
  {
    name: 'white space between',
    env: { HTTPS_PROXY: PROXY, NO_PROXY: 'a.test  api.test' },
    proxy: null,
  },
  { name: 'all are exempt', env: { HTTPS_PROXY: PROXY, no_proxy: '*' }, proxy: null },
  {
    name: 'exempt IPv6 address',
    env: { HTTPS_PROXY: PROXY, NO_PROXY: '[::1]' },
    url: 'https://[::1]:8443',
    proxy: null,
  },
]

test.each(table)('$name', ({ env, url = 'https://api.test/v1', proxy }) => {
  expect(findEnvironmentProxy(env, url)).toBe(proxy)
})
