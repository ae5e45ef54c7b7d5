import { expect, test } from 'vitest'
import { curlAddress } from '../../../src/config/diagnostics/curl-address.ts'
import { writeCurl } from '../../../src/config/diagnostics/write-curl.ts'
import { parseAddress } from '../../../src/config/language/address.ts'
import type { NormalAddress } from '../../../src/config/shapes/normal-config.ts'

const TLS = { cert: 'cert.pem', key: 'key.pem' }

test.each([
  ['127.0.0.1:8080', null, 'curl http://127.0.0.1:8080/a', '127.0.0.1'],
  ['localhost:81', null, 'curl http://localhost:81/a', '127.0.0.1'],
  ['0.0.0.0:80', null, 'curl http://127.0.0.1:80/a', '127.0.0.1'],
  ['[::]:9000', null, 'curl http://127.0.0.1:9000/a', '127.0.0.1'],
  ['[::1]:9000', null, "curl 'http://[::1]:9000/a'", '::1'],
  ['[fe80::1%eth0]:80', null, "curl 'http://[fe80::1%25eth0]:80/a'", 'fe80::1%eth0'],
  ['10.0.0.5:8443', TLS, 'curl -k https://10.0.0.5:8443/a', '10.0.0.5'],
  ['keyway.example.com:443', TLS, 'curl -k https://keyway.example.com:443/a', '127.0.0.1'],
  ['unix:/run/key way.sock', null, "curl --unix-socket '/run/key way.sock' http://localhost/a", ''],
  ['unix:/run/k.sock', TLS, 'curl -k --unix-socket /run/k.sock https://localhost/a', ''],
])('a command for a proxy that listens on %s', (listen, tls, command, from) => {
  const address = curlAddress({ address: parseAddress(listen) as NormalAddress, tls })
  expect(writeCurl({ method: 'GET', target: '/a', headers: [] }, { address })).toBe(command)
  expect(address.from).toBe(from)
})
