import { expect, test } from 'vitest'
import type { NormalConfig } from '../../src/config/shapes/normal-config.ts'
import { viewOfTest } from '../../src/testing/request.ts'

test.each([
  ['/a?b=c', '/a?b=c'],
  ['/é/日?ü=%fc', '/%C3%A9/%E6%97%A5?%C3%BC=%fc'],
])('a test that asks for %s is sent as a client would send it', (path, target) => {
  const none = { clients: null } as NormalConfig
  expect(viewOfTest({ name: 't', request: { path }, expect: {} }, none).target).toBe(target)
})
