import { expect, test } from 'vitest'
import { readPathLeniently } from '../../src/http/target/path-readings.ts'

const readable: Readonly<Record<string, string>> = {
  '/v1//admin/x': '/v1/admin/x',
  '//v1/admin/x': '/v1/admin/x',
  '/v1///admin////x': '/v1/admin/x',
  '/v1/admin;a=b/x': '/v1/admin/x',
  '/v1;/admin;a=b;c/x;': '/v1/admin/x',
  '/v1/;/admin/x': '/v1/admin/x',
  '/v1%2fadmin/x': '/v1/admin/x',
  '/v1/admin%2Fx': '/v1/admin/x',
  '/v1%252fadmin%25252fx': '/v1/admin/x',
  '/v1%2f%2fadmin/x': '/v1/admin/x',
  '/v1%5cadmin/x': '/v1/admin/x',
  '/v1\\admin\\x': '/v1/admin/x',
  '/v1/%2561dmin/x': '/v1/admin/x',
  '/v1/admin%3ba=b/x': '/v1/admin/x',
  '/v1/admin/x%3fa=b': '/v1/admin/x',
  '/v1/admin/x%23a': '/v1/admin/x',
  '/v1/%u0061dmin/x': '/v1/admin/x',
  '/v1/%%361dmin/x': '/v1/admin/x',
  '/v1%ef%bc%8fadmin/x': '/v1/admin/x',
  '/v1%EF%BC%8Fadmin/x': '/v1/admin/x',
  '/v1\xef\xbc\x8fadmin/x': '/v1/admin/x',
  '/v1/%ef%bd%81dmin/x': '/v1/admin/x',
  '/v1/%2Dadmin': '/v1/-admin',
  '/v1/%7eadmin': '/v1/~admin',
  '/v1/%21admin': '/v1/!admin',
}

test.each(Object.entries(readable))('%s may be read as %s', (path, reading) => {
  expect(readPathLeniently(path)).toContain(reading)
})

test('a sign that folds to no plain one stays as it is written', () => {
  expect(readPathLeniently('/%e2%82%ac;a/x')).toEqual(['/%e2%82%ac/x'])
})

const plain = ['/', '/v1/admin/x', '/a%20b', '/%C3%A9', '/%c3%a9', '/%zz%', '/a..b', '/a:b@c,d=e']

test.each(plain)('%s can be read in one way', (path) => {
  expect(readPathLeniently(path)).toEqual([])
})

test('what is read is never the path itself, and each reading comes once', () => {
  const readings = readPathLeniently('/a//b')
  expect(readings).toEqual(['/a/b'])
})
