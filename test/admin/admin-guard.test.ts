import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { createAdminGuard } from '../../src/admin/admin-guard.ts'
import type { NormalAddress } from '../../src/config/shapes/normal-config.ts'

const loopback: NormalAddress = { host: '127.0.0.1', port: 9901 }
const open: NormalAddress = { host: '0.0.0.0', port: 9901 }
const socket: NormalAddress = { socketPath: '/run/keyway-admin.sock' }
const basic = `Basic ${Buffer.from('any:FAKE-token').toString('base64')}`

const table: readonly {
  name: string
  address?: NormalAddress
  token?: string | null
  path?: string
  headers?: Record<string, string>
  /** null: served. */
  status: number | null
}[] = [
  { name: 'loopback by address', headers: { host: '127.0.0.1:9901' }, status: null },
  { name: 'loopback by name', headers: { host: 'localhost:9901' }, status: null },
  { name: 'loopback in IPv6', headers: { host: '[::1]:9901' }, status: null },
  { name: 'rebound name', headers: { host: 'attacker.example' }, status: 403 },
  {
    name: 'name that only begins like loopback',
    headers: { host: '127.0.0.1.attacker.example' },
    status: 403,
  },
  {
    name: 'page of another origin',
    headers: { host: 'localhost:9901', origin: 'https://attacker.example' },
    status: 403,
  },
  {
    name: 'page without an origin',
    headers: { host: 'localhost:9901', origin: 'null' },
    status: 403,
  },
  {
    name: 'page of another site',
    headers: { host: 'localhost:9901', 'sec-fetch-site': 'cross-site' },
    status: 403,
  },
  {
    name: 'page of the same site on another port',
    headers: { host: 'localhost:9901', 'sec-fetch-site': 'same-site' },
    status: 403,
  },
  {
    name: 'own page',
    headers: {
      host: 'localhost:9901',
      origin: 'http://localhost:9901',
      'sec-fetch-site': 'same-origin',
    },
    status: null,
  },
  {
    name: 'probe by a pod address',
    address: open,
    path: '/readyz',
    headers: { host: '10.0.0.7:9901' },
    status: null,
  },
  {
    name: 'metrics from elsewhere',
    address: open,
    path: '/metrics',
    headers: { host: '10.0.0.7:9901' },
    status: null,
  },
  {
    name: 'configuration from elsewhere without a token',
    address: open,
    headers: { host: '10.0.0.7:9901' },
    status: 403,
  },
  { name: 'no token shown', token: 'FAKE-token', headers: { host: 'localhost' }, status: 401 },
  {
    name: 'metrics ask for it too',
    token: 'FAKE-token',
    path: '/metrics',
    headers: { host: 'localhost' },
    status: 401,
  },
  {
    name: 'probes do not',
    token: 'FAKE-token',
    path: '/livez',
    headers: { host: 'localhost' },
    status: null,
  },
  {
    name: 'the token as a bearer',
    token: 'FAKE-token',
    address: open,
    headers: { host: 'a', authorization: 'bearer FAKE-token' },
    status: null,
  },
  {
    name: 'the token as a password',
    token: 'FAKE-token',
    address: open,
    headers: { host: 'a', authorization: basic },
    status: null,
  },
  {
    name: 'another token',
    token: 'FAKE-token',
    headers: { host: 'localhost', authorization: 'Bearer FAKE-tokem' },
    status: 401,
  },
  {
    name: 'a token whose file is gone lets nobody in',
    token: null,
    headers: { host: 'localhost', authorization: 'Bearer ' },
    status: 401,
  },
  {
    name: 'a socket has no Host to be rebound',
    address: socket,
    headers: { host: 'anything' },
    status: null,
  },
]

test.each(table)(
  '$name',
  ({ address = loopback, token, path = '/config', headers = {}, status }) => {
    const readToken = token === undefined ? null : () => ({ value: token })
    const guard = createAdminGuard({ address, readToken })
    expect(guard({ headers } as unknown as IncomingMessage, path)?.status ?? null).toBe(status)
  },
)
