import { expect, it } from 'vitest'
import { createFingerprint } from '../../src/credentials/show/fingerprint.ts'

it('is 8 hex digits', () => {
  expect(createFingerprint()('sk-ant-api03-FAKE')).toMatch(/^[0-9a-f]{8}$/)
})

it('is the same for the same credential, another for another', () => {
  const fingerprint = createFingerprint()
  expect(fingerprint('sk-ant-api03-FAKE')).toBe(fingerprint('sk-ant-api03-FAKE'))
  expect(fingerprint('sk-ant-api03-FAKE')).not.toBe(fingerprint('sk-ant-api03-FAKF'))
})

it('differs from process to process, so that no guess can be checked against it', () => {
  expect(createFingerprint()('sk-ant-api03-FAKE')).not.toBe(
    createFingerprint()('sk-ant-api03-FAKE'),
  )
})
