import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'

function isFound(listen: string, upstream: string): boolean {
  const text = `
version: 1
server: { listen: '${listen}', admin: off }
upstreams: { api: ${upstream} }
routes: [{ name: api, match: { path: /* }, upstream: api }]
`
  const { diagnostics } = loadConfig(
    { file: 'routes.yaml', text },
    { catalogue: loadCatalogue(), env: {} },
  )
  return diagnostics.some(({ code }) => code === 'own-address')
}

test.each([
  ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['127.0.0.1:8080', 'http://localhost:8080/base'],
  ['[::1]:8080', '"http://[::1]:8080"'],
  ['[::1]:8080', 'http://localhost:8080'],
  ['127.0.0.1:8080', 'http://0.0.0.0:8080'],
  ['localhost:8080', 'http://127.0.0.1:8080'],
  ['0.0.0.0:8080', 'http://localhost:8080'],
  ['[::]:443', 'https://localhost'],
  ['[::]:80', 'http://127.0.0.1'],
  ['10.0.0.7:8080', 'http://10.0.0.7:8080'],
  ['127.0.0.1:8080', '{ targets: [http://a.example, { url: "http://localhost:8080" }] }'],
  ['127.0.0.1:8080', '{ provider: anthropic, url: "http://localhost:8080" }'],
  ['unix:/run/k.sock', '{ url: "http://k", socket: /run/k.sock }'],
])('%s is %s', (listen, upstream) => {
  expect(isFound(listen, upstream)).toBe(true)
})

test.each([
  ['127.0.0.1:8080', 'http://127.0.0.1:8081'],
  ['127.0.0.1:8080', '"http://[::1]:8080"'],
  ['127.0.0.1:8080', 'http://127.0.0.2:8080'],
  ['127.0.0.1:0', 'http://127.0.0.1:8080'],
  ['127.0.0.1:8080', 'http://api.example:8080'],
  ['10.0.0.7:8080', 'http://localhost:8080'],
  ['127.0.0.1:8080', '{ url: "http://localhost:8080", socket: /run/k.sock }'],
  ['127.0.0.1:8080', 'builtin:echo'],
])('%s is not %s', (listen, upstream) => {
  expect(isFound(listen, upstream)).toBe(false)
})
