import { describe, expect, test } from 'vitest'
import { declarationHint } from '../../../src/config/checks/upstream-meant.ts'

const HINTS: readonly (readonly [name: string, hint: string | undefined])[] = [
  ['anthropic', 'add it under "upstreams": { anthropic: { provider: anthropic } }'],
  ['OpenAI', 'add it under "upstreams": { OpenAI: { provider: openai } }'],
  ['claude', 'add it under "upstreams": { claude: { provider: anthropic } }'],
  ['echo', 'add it under "upstreams": { echo: builtin:echo }'],
  ['builtin:echo', named('builtin:echo')],
  ['http://localhost:3000', named('http://localhost:3000')],
  ['api.example.com', named('https://api.example.com')],
  ['api.example.com:8443/v1', named('https://api.example.com:8443/v1')],
  ['localhost:3000', named('http://localhost:3000')],
  ['127.0.0.1', named('http://127.0.0.1')],
  ['10.1.2.3:80', named('https://10.1.2.3:80')],
  ['v1.2', undefined],
  ['internal', undefined],
  // One that is declared is called nearly so.
  ['mains', undefined],
]

describe('an upstream that is named and not declared is written as it would be declared', () => {
  test.each(HINTS)('%s', (name, hint) => {
    expect(declarationHint(name, ['main'], ['anthropic', 'openai']).hint).toBe(hint)
  })
})

function named(url: string): string {
  return `give it a name under "upstreams", such as { api: ${url} }, and write that here`
}
