import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LanguageServer, startLanguageServer } from './language-server.ts'
import { readMarked } from './marked-document.ts'

let server: LanguageServer
beforeAll(async () => {
  server = await startLanguageServer()
})
afterAll(() => server.stop())

const RULES = 'routes:\n  - name: a\n    match: { path: /a }\n    rules:\n'

describe('hovering over a key explains it', () => {
  it.each([
    { name: 'version', text: 'ver‸sion: 1', words: 'The version of this file format; always 1.' },
    {
      name: 'listen',
      text: 'server: { lis‸ten: 127.0.0.1:1 }',
      words: 'Where clients connect: host:port',
    },
    {
      name: 'an upstream as a URL',
      text: 'upstreams:\n  a‸cme: https://a.example',
      words: 'A service: its URL',
    },
    {
      name: 'an upstream as an object',
      text: 'upstreams:\n  a‸cme: { url: https://a.example }',
      words: 'A service: its URL',
    },
    {
      name: 'a limit, not the size or duration it refers to',
      text: 'upstreams: { a: { limits: { con‸nect: 5s } } }',
      words: 'Time to connect, TLS included. Default: 5s.',
    },
    {
      name: 'request of a route, not the operations it refers to',
      text: 'routes:\n  - name: a\n    req‸uest: { set: { a: b } }',
      words: 'Header operations on every request of this route.',
    },
    {
      name: 'response of a rule, not the operations it refers to',
      text: `${RULES}      - resp‸onse: { set: { a: b } }`,
      words: 'Header operations on the response that goes to the client.',
    },
    {
      name: 'method, not the matcher it refers to',
      text: `${RULES}      - if: { met‸hod: GET }`,
      words: "The request's method.",
    },
    {
      name: 'not, not the condition it refers to',
      text: `${RULES}      - if: { n‸ot: { method: GET } }`,
      words: 'This does not hold.',
    },
    {
      name: 'use as a text',
      text: `${RULES}      - u‸se: none`,
      words: 'Where the credential is put on the upstream request',
    },
    {
      name: 'use as an object',
      text: `${RULES}      - u‸se: { header: x-api-key }`,
      words: 'Where the credential is put on the upstream request',
    },
    {
      name: 'a rule as a sentence',
      text: `${RULES}      - if cred‸ential matches ^a use x-api-key`,
      words: 'A rule: an object, or a sentence',
    },
    {
      name: 'conflict, with its values',
      text: 'routes:\n  - name: a\n    credential: { con‸flict: first }',
      words: 'Allowed Values:',
    },
    {
      name: 'a header that a test expects',
      text: 'tests:\n  - name: a\n    expect: { headers: { x-‸api-key: null } }',
      words: 'null for absent',
    },
  ])('$name', async ({ text: marked, words }) => {
    const { uri, text, position } = readMarked(marked)
    expect(await server.hover(uri, text, position)).toContain(words)
  })
})
