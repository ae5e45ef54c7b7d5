import { expect, test } from 'vitest'
import { parseUrl } from '../../src/http/target/parse-url.ts'

test.each([
  ['https://bücher.example', 'xn--bcher-kva.example'],
  ['https://日本.example', 'xn--wgv71a.example'],
  ['http://[2001:DB8::1]:81', '[2001:db8::1]'],
  ['/path', undefined],
  ['https://', undefined],
  ['https://a b', undefined],
])('%s is read as one that names %s, however often', (text, hostname) => {
  const seen = new Set(Array.from({ length: 10_000 }, () => parseUrl(text)?.hostname))
  expect([...seen]).toEqual([hostname])
})
