import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'
import {
  connectRawTls,
  exchangeRaw,
  parseResponse,
  requestBytes,
} from '../../support/raw-client.ts'
import { always, ok, startTlsUpstream, startUpstream } from '../../support/recording-upstream.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { oneRoute, startProxy } from '../../support/start-proxy.ts'

const folder = join(import.meta.dirname, '../../fixtures/tls')
const file = (name: string): string => join(folder, name)
const pem = (name: string): string => readFileSync(file(name), 'utf8')
const get = requestBytes('GET /up/x', ['Authorization: Bearer sk-ant-api03-FAKE'])

const cases = [
  {
    name: 'a CA of its own that the file does not name',
    certificate: 'server',
    tls: '',
    status: 502,
  },
  {
    name: 'the CA named',
    certificate: 'server',
    tls: `tls: { ca: ${file('ca.pem')} }`,
    status: 200,
  },
  {
    name: 'the CA named, a certificate for another name',
    certificate: 'other',
    tls: `tls: { ca: ${file('ca.pem')} }`,
    status: 502,
  },
  {
    name: 'the CA and the other name given',
    certificate: 'other',
    tls: `tls: { ca: ${file('ca.pem')}, servername: other.test }`,
    status: 200,
  },
  { name: 'insecure', certificate: 'other', tls: 'tls: { insecure: true }', status: 200 },
]

test.each(cases)('$name: $status', async ({ certificate, tls, status }) => {
  const upstream = await startTlsUpstream(
    { cert: pem(`${certificate}.pem`), key: pem(`${certificate}.key`) },
    always(ok('secret')),
  )
  const proxy = await startProxy(oneRoute(upstream.url, { upstream: tls }))
  closeAfter(proxy.close)
  closeAfter(upstream.close)
  const answer = parseResponse(await exchangeRaw(proxy.address, get))
  expect(answer.status).toBe(status)
  if (status === 200) return
  expect(answer.fields).toContain('x-keyway-error: upstream_untrusted')
  expect(upstream.connections.map((connection) => connection.received()).join('')).toBe('')
})

test('a client certificate is shown where the file names one', async () => {
  const upstream = await startTlsUpstream(
    {
      cert: pem('server.pem'),
      key: pem('server.key'),
      ca: pem('ca.pem'),
      requestCert: true,
      rejectUnauthorized: true,
    },
    always(ok('in')),
  )
  const tls = `tls: { ca: ${file('ca.pem')}, cert: ${file('client.pem')}, key: ${file('client.key')} }`
  const proxy = await startProxy(oneRoute(upstream.url, { upstream: tls }))
  closeAfter(proxy.close)
  closeAfter(upstream.close)
  expect(parseResponse(await exchangeRaw(proxy.address, get)).status).toBe(200)
  const socket = upstream.connections[0]?.socket as TLSSocket
  expect(socket.getPeerCertificate().subject.CN).toBe('client TEST')
})

test('certificate files that can not be read: 502, and nothing is sent', async () => {
  const upstream = await startUpstream(always(ok('')))
  const url = upstream.url.replace('http:', 'https:')
  const proxy = await startProxy(oneRoute(url, { upstream: 'tls: { ca: /nowhere/ca.pem }' }))
  closeAfter(proxy.close)
  closeAfter(upstream.close)
  const answer = parseResponse(await exchangeRaw(proxy.address, get))
  expect(answer.fields).toContain('x-keyway-error: upstream_unusable')
  expect(upstream.connections).toEqual([])
})

test('Keyway serves TLS itself where the file says so', async () => {
  const upstream = await startUpstream(always(ok('inside')))
  const server = `server: { listen: { address: '127.0.0.1:1', tls: { cert: ${file('server.pem')}, key: ${file('server.key')} } } }`
  const proxy = await startProxy(oneRoute(upstream.url, { server }))
  closeAfter(proxy.close)
  closeAfter(upstream.close)
  const client = await connectRawTls(proxy.address, pem('ca.pem'))
  client.write(get)
  expect(await client.closed()).toMatch(/inside$/)
  expect(upstream.connections[0]?.received()).toContain('X-Forwarded-Proto: https')
})
