import { expect, test } from 'vitest'
import { parsePlacement } from '../../src/config/language/placement.ts'
import { formatPlacement, writeCredential } from '../../src/credentials/placement.ts'

test.each([
  ['none', 'none'],
  ['x-api-key', 'x-api-key'],
  ['authorization bearer', 'authorization Bearer'],
  ['query key', 'query key'],
])('%s is shown as %s', (written, shown) => {
  expect(formatPlacement(parsePlacement(written))).toBe(shown)
})

test('a value of the file’s own is shown as it is written there', () => {
  const place = { in: 'header', name: 'authorization' } as const
  const bearer = { place, scheme: 'Bearer', value: `\${secret.pod}`, basic: null }
  expect(formatPlacement(bearer)).toBe(`authorization Bearer with \${secret.pod}`)
  const basic = { user: 'x', password: `\${secret.pod}` }
  expect(formatPlacement({ place, scheme: 'Basic', value: null, basic })).toBe(
    `authorization Basic with x:\${secret.pod}`,
  )
})

test('a credential is written behind its scheme, or bare', () => {
  expect(writeCredential('Bearer', 'key-FAKE')).toBe('Bearer key-FAKE')
  expect(writeCredential(null, 'key-FAKE')).toBe('key-FAKE')
})
