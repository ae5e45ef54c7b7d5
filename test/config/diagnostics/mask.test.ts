import { describe, expect, test } from 'vitest'
import { createCredentialTest, createMask } from '../../../src/config/diagnostics/mask.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'

const { kinds } = loadCatalogue()
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJURVNUIn0.c2lnbmF0dXJlVEVTVA'

describe('a credential in a text that is shown', () => {
  const mask = (text: string): string => createMask(kinds)(text)

  const masked = [
    {
      name: 'an API key',
      text: 'x sk-ant-api03-FAKEfakeFAKE y',
      shown: 'x sk-ant-api*************** y',
    },
    {
      name: 'to its last letter',
      text: 'sk-ant-api03-FAKE_-.~+=z',
      shown: 'sk-ant-api**************',
    },
    {
      name: 'in quotes',
      text: '"sk-ant-api03-FAKEfakeFAKE"',
      shown: '"sk-ant-api***************"',
    },
    {
      name: 'behind a word',
      text: 'key=sk-ant-api03-FAKEfakeFAKE',
      shown: 'key=sk-ant-api***************',
    },
    {
      name: 'after a path',
      text: '/v1/sk-ant-api03-FAKEfakeFAKE',
      shown: '/v1/sk-ant-api***************',
    },
    { name: 'a JWT', text: `Bearer ${JWT}`, shown: `Bearer eyJ${'*'.repeat(JWT.length - 3)}` },
    {
      name: 'a token that no kind knows',
      text: `t0ken${'a'.repeat(27)}`,
      shown: '*'.repeat(32),
    },
    {
      name: 'one in base64, with slashes',
      text: 'key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYFAKETESTKE',
      shown: `key: ${'*'.repeat(40)}`,
    },
    {
      name: 'user and password of a URL',
      text: 'https://u:p-TEST@h.test/',
      shown: 'https://********@h.test/',
    },
    {
      name: 'an API key in base64, whole',
      text: btoa('sk-ant-api03-FAKE'),
      shown: '*'.repeat(24),
    },
    {
      name: 'a key whose own signs are percent-encoded',
      text: 'a?k=sk%2Dant%2Dapi03%2DFAKEfakeFAKE%3D&b',
      shown: `a?k=sk%2Dant%2Dapi${'*'.repeat(20)}&b`,
    },
    {
      name: 'a key whose letters are percent-encoded',
      text: '%73k-ant-api03-FAKE%66akeFAKE',
      shown: `%73k-ant-api${'*'.repeat(17)}`,
    },
    {
      name: 'a key that is percent-encoded twice',
      text: 'a?k=%2573k-ant-api03-FAKE%252DakeFAKE&b',
      shown: `a?k=%2573k-ant-api${'*'.repeat(19)}&b`,
    },
    {
      name: 'a cookie among others',
      text: 'cookie: a=1; sessionKey=sk-ant-sid01-FAKEfake; b=2',
      shown: 'cookie: a=1; sessionKey=sk-ant-sid***********; b=2',
    },
    {
      name: 'a key with more behind it than it should have',
      text: 'sk-ant-api03-FAKEfake%2FFAKE+fake/FAKE=fake~FAKE.fake',
      shown: `sk-ant-api${'*'.repeat(43)}`,
    },
    {
      name: 'a segment of a path, with its percent-encoded rest',
      text: '/v1/sk-ant-api03-FAKE%2Ftail/next',
      shown: `/v1/sk-ant-api${'*'.repeat(14)}/next`,
    },
    {
      name: 'a JWT with percent-encoded dots',
      text: `token=${JWT.replaceAll('.', '%2E')}`,
      shown: `token=eyJ${'*'.repeat(JWT.length + 1)}`,
    },
    {
      name: 'a token that no kind knows, filled up as base64 is',
      text: `"t0ken+${'a'.repeat(36)}=="`,
      shown: `"${'*'.repeat(44)}"`,
    },
    {
      name: 'one behind another, joined',
      text: `key=a.${'b1'.repeat(16)}.${'c2'.repeat(16)}`,
      shown: `key=a.${'*'.repeat(65)}`,
    },
    { name: 'a short key that nothing else hides', text: 'hf_FAKE1', shown: 'hf_*****' },
    {
      name: 'a token for a user',
      text: 'https://tokenTEST@h.test',
      shown: 'https://*********@h.test',
    },
  ]

  test.each(masked)('$name is masked, at its length', ({ text, shown }) => {
    expect(mask(text)).toBe(shown)
    expect(shown).toHaveLength(text.length)
  })

  test.each([
    'sk-ant-api03',
    'a plain sentence of words',
    'anthropic-api-key',
    'https://api.anthropic.com/v1/messages',
    '/v1/organizations/administrators/everybody',
    '/Users/somebody1/Keyway/configuration/Routes/of/it',
    `${'a'.repeat(40)}`,
    `${'1'.repeat(40)}`,
    `${'a1'.repeat(16)}.example.com`,
    'a%20sentence%20of%20words%2C%2050%25%20of%20them',
    'mail@example.com',
  ])('%s stays', (text) => {
    expect(mask(text)).toBe(text)
  })
})

describe('what is a credential as a whole', () => {
  const isCredential = (text: string): boolean => createCredentialTest(kinds)(text)

  test.each([
    { name: 'a long prefix and four letters', text: 'sk-ant-api03-FAKE', is: true },
    { name: 'a long prefix and three', text: 'sk-ant-api03-FAK', is: true },
    { name: 'behind its scheme', text: 'Bearer sk-ant-api03-FAKEfake', is: true },
    { name: 'a short prefix and sixteen letters', text: 'sk-FAKEfakeFAKEfake', is: true },
    { name: 'a short prefix and a word', text: 'sk-learning-rate', is: false },
    { name: 'a JWT', text: JWT, is: true },
    { name: 'a key in base64', text: btoa('sk-ant-api03-FAKEfakeFAKE'), is: true },
    { name: 'what only begins like a JWT', text: 'eyJhbGciOiJI', is: false },
    { name: 'a name', text: 'anthropic-api-key', is: false },
    { name: 'a sentence that begins so', text: 'sk-ant-api03-FAKE is a key', is: false },
    { name: 'a hash', text: '9f86d081884c7d659a2feaa0c55ad015', is: false },
  ])('$name: $is', ({ text, is }) => {
    expect(isCredential(text)).toBe(is)
  })
})
