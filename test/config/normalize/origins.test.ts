import { expect, test } from 'vitest'
import { compileText } from '../../support/compile-text.ts'

test.each([
  ['https://App.Example', 'https://app.example'],
  ['https://app.example:443', 'https://app.example'],
  ['http://app.example:80', 'http://app.example'],
  ['http://app.example:443', 'http://app.example:443'],
  ['https://bücher.example:8443', 'https://xn--bcher-kva.example:8443'],
  ['http://[::1]:80', 'http://[::1]'],
  ['null', 'null'],
  ['*', '*'],
])('the origin %s is sent as %s', (written, sent) => {
  const text = `version: 1\nserver: { origins: ['${written}'] }\n`
  expect(compileText(text).config.server.origins).toEqual([sent])
})
