import { expect, test } from 'vitest'
import { compileText } from '../../support/compile-text.ts'

test('routes that say the same share it, so that thousands of them take little memory', () => {
  const rules = 'rules: [{ if: { credential: { prefix: sk-ant- } }, use: x-api-key }]'
  const { config } = compileText(`version: 1
upstreams: { one: https://one.test }
routes:
  - { name: a, match: { path: /a/* }, rewrite: { strip: /a }, upstream: one, ${rules} }
  - { name: b, match: { path: /b/* }, rewrite: { strip: /b }, upstream: one, ${rules} }
`)
  const [a, b] = config.routes
  expect(a?.rules).toBe(b?.rules)
  expect([a?.rewrite, b?.rewrite]).toEqual([{ strip: '/a' }, { strip: '/b' }])
  expect([a?.index, b?.index]).toEqual([0, 1])
})
