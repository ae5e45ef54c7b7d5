import { expect, test } from 'vitest'
import { isNearHost } from '../../src/http/target/near-host.ts'

test.each([
  ['127.0.0.1', true],
  ['10.1.2.3', true],
  ['192.168.0.1', true],
  ['169.254.1.1', true],
  ['100.64.0.1', true],
  ['0.0.0.0', true],
  ['[::1]', true],
  ['[fd00::1]', true],
  ['[fe80::1]', true],
  ['[::ffff:10.0.0.1]', true],
  ['::1', true],
  ['localhost', true],
  ['backend', true],
  ['api.localhost', true],
  ['printer.LOCAL', true],
  ['api.internal', true],
  ['198.51.100.9', false],
  ['[2606:4700::1]', false],
  ['[::ffff:8.8.8.8]', false],
  ['api.example.com', false],
  ['internal.example', false],
  ['api.internal.example', false],
  ['apilocal.example', false],
  ['xlocal.com', false],
])('%s is near: %s', (host, isNear) => {
  expect(isNearHost(host)).toBe(isNear)
})
