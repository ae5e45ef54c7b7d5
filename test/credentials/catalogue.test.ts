import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
// @ts-expect-error a script, without types
import { readCatalogue } from '../../scripts/read-catalogue.mjs'
import { compilePattern } from '../../src/config/language/pattern.ts'
import { formatPlace } from '../../src/config/language/place.ts'
import type { NormalPlacement, NormalRule } from '../../src/config/shapes/normal-config.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { createClassifier } from '../../src/credentials/classify.ts'

const catalogue = loadCatalogue()
const classify = createClassifier(catalogue.kinds)
const kindNames = new Set(catalogue.kinds.map((kind) => kind.name))
const HEX = '0123456789abcdef'

describe('kinds', () => {
  for (const [value, kind] of [
    ['sk-ant-api03-FAKE', 'anthropic-api-key'],
    ['sk-ant-api04-FAKE', 'anthropic-api-key'],
    ['sk-ant-FAKE', 'anthropic-api-key'],
    ['sk-ant-admin01-FAKE', 'anthropic-admin'],
    ['sk-ant-oat01-FAKE', 'anthropic-oauth'],
    ['sk-ant-ort01-FAKE', 'anthropic-refresh'],
    ['sk-ant-sid01-FAKE', 'anthropic-session'],
    ['sk-proj-FAKE', 'openai'],
    ['sk-svcacct-FAKE', 'openai'],
    ['sk-admin-FAKE', 'openai-admin'],
    ['sk-FAKE', 'openai-legacy'],
    ['ek_FAKE', 'openai-ephemeral'],
    ['auth_tokens/FAKE', 'google-ephemeral'],
    ['sutkn_FAKE', 'elevenlabs-single-use'],
    ['al-FAKE', 'voyage'],
    [HEX.repeat(4), 'unknown'],
    [HEX.repeat(2), 'unknown'],
    ['AQ.FAKE', 'google-api-key'],
    ['AIzaFAKE', 'google-api-key'],
    ['ya29.FAKE', 'google-oauth'],
    ['1//FAKE', 'google-refresh'],
    ['ABSKFAKE', 'bedrock'],
    ['bedrock-api-key-FAKE', 'bedrock'],
    ['Credential=AKIAFAKE/20261124/us-east-1/bedrock/aws4_request', 'aws-signature'],
    ['sk-or-v1-FAKE', 'openrouter'],
    ['gsk_FAKE', 'groq'],
    ['xai-FAKE', 'xai'],
    ['pplx-FAKE', 'perplexity'],
    ['csk-FAKE', 'cerebras'],
    ['nvapi-FAKE', 'nvidia'],
    ['fw_FAKE', 'fireworks'],
    ['tgp_v1_FAKE', 'together'],
    ['hf_FAKE', 'huggingface'],
    ['pa-FAKE', 'voyage'],
    ['sk_FAKE', 'elevenlabs'],
    ['r8_FAKE', 'replicate'],
    ['github_pat_FAKE', 'github'],
    ['ghp_FAKE', 'github'],
    ['ghs_FAKE', 'github'],
    ['ghr_FAKE', 'github-refresh'],
    ['eyJGQUtFIjoxfQ.e30.FAKE', 'jwt'],
    ['FAKE-opaque', 'unknown'],
    [HEX.repeat(3).slice(0, 40), 'unknown'],
  ] as const)
    it(`${value} is of kind ${kind}`, () => expect(classify(value).name).toBe(kind))

  it.each(['anthropic-refresh', 'anthropic-session', 'google-refresh', 'github-refresh'])(
    '%s never travels, and says what to send instead',
    (name) => {
      const kind = catalogue.kinds.find((one) => one.name === name)
      expect(kind).toMatchObject({ forward: 'never', pool: 'never' })
      expect(kind?.instead).toMatch(/^Send .*\.$/)
    },
  )

  it.each(['anthropic-oauth', 'google-oauth', 'openai-ephemeral', 'google-ephemeral', 'jwt'])(
    '%s is never pooled',
    (name) => {
      expect(catalogue.kinds.find((kind) => kind.name === name)?.pool).toBe('never')
    },
  )

  it.each(['anthropic-admin', 'openai-admin'])('%s is for administration', (name) => {
    expect(catalogue.kinds.find((kind) => kind.name === name)?.forward).toBe('admin')
  })

  it('claim each prefix once', () => {
    const prefixes = catalogue.kinds.flatMap((kind) => kind.prefixes ?? [])
    expect(prefixes).toEqual([...new Set(prefixes)])
  })

  it('name providers that exist', () => {
    const providers = catalogue.providers.map((provider) => provider.name)
    for (const { provider } of catalogue.kinds) if (provider) expect(providers).toContain(provider)
  })
})

function describeUse(use: NormalPlacement | null): string {
  if (use === null || use.place === 'none') return 'none'
  return use.scheme === null ? use.place.name : `${use.place.name} ${use.scheme}`
}

function describeRule({ name, if: condition, then }: NormalRule): string {
  const kinds = condition?.type === 'kind' ? `${condition.in.join(', ')}: ` : ''
  return `${name}: ${kinds}${describeUse(then.use)}`
}

describe('providers', () => {
  const bearer = ['key: authorization Bearer']
  const token = ['token: authorization Bearer']
  const azure = ['entra: jwt, openai-ephemeral: authorization Bearer', 'key: api-key']
  const google = ['oauth: google-oauth, jwt: authorization Bearer', 'key: x-goog-api-key']
  const gemini = [google[0], 'ephemeral: google-ephemeral: authorization Token', google[1]]
  const deepgram = ['jwt: jwt: authorization Bearer', 'key: authorization Token']
  const anthropic = [
    'oauth: anthropic-oauth: authorization Bearer',
    'api-key: anthropic-api-key, anthropic-admin: x-api-key',
  ]
  for (const [name, url, errors, accepts, rules] of [
    [
      'anthropic',
      'https://api.anthropic.com',
      'anthropic',
      'anthropic-api-key anthropic-oauth',
      anthropic,
    ],
    ['openai', 'https://api.openai.com', 'openai', 'openai openai-legacy openai-ephemeral', bearer],
    ['azure-openai', null, 'openai', 'azure-openai openai-ephemeral jwt unknown', azure],
    [
      'gemini',
      'https://generativelanguage.googleapis.com',
      'problem',
      'google-api-key google-oauth google-ephemeral jwt',
      gemini,
    ],
    ['vertex', null, 'problem', 'google-oauth google-api-key jwt', google],
    ['bedrock', null, 'problem', 'bedrock aws-signature', ['key: bedrock: authorization Bearer']],
    ['openrouter', 'https://openrouter.ai/api', 'openai', 'openrouter', bearer],
    ['groq', 'https://api.groq.com/openai', 'openai', 'groq', bearer],
    ['xai', 'https://api.x.ai', 'openai', 'xai', bearer],
    ['perplexity', 'https://api.perplexity.ai', 'openai', 'perplexity', bearer],
    ['cerebras', 'https://api.cerebras.ai', 'openai', 'cerebras', bearer],
    ['nvidia', 'https://integrate.api.nvidia.com', 'openai', 'nvidia', bearer],
    ['fireworks', 'https://api.fireworks.ai', 'openai', 'fireworks', bearer],
    ['together', 'https://api.together.ai', 'openai', 'together unknown', bearer],
    ['huggingface', 'https://router.huggingface.co', 'openai', 'huggingface', bearer],
    ['mistral', 'https://api.mistral.ai', 'openai', 'mistral unknown', bearer],
    ['cohere', 'https://api.cohere.com', 'problem', 'cohere unknown', bearer],
    ['deepseek', 'https://api.deepseek.com', 'openai', 'openai-legacy', bearer],
    ['voyage', 'https://api.voyageai.com', 'problem', 'voyage', bearer],
    [
      'elevenlabs',
      'https://api.elevenlabs.io',
      'problem',
      'elevenlabs elevenlabs-single-use unknown',
      ['key: elevenlabs, unknown: xi-api-key'],
    ],
    ['deepgram', 'https://api.deepgram.com', 'problem', 'deepgram jwt unknown', deepgram],
    ['replicate', 'https://api.replicate.com', 'problem', 'replicate', token],
    ['github-models', 'https://models.github.ai', 'openai', 'github', token],
  ] as const)
    it(name, () => {
      const provider = catalogue.providers.find((one) => one.name === name)
      expect(provider).toMatchObject({ url, errors, accepts: accepts.split(' ') })
      expect(provider?.rules.map(describeRule)).toEqual(rules)
    })

  it('are 23', () => expect(catalogue.providers).toHaveLength(23))

  it('look elsewhere only where their clients put credentials elsewhere', () => {
    const elsewhere = catalogue.providers.flatMap(({ name, places }) =>
      places.length === 0 ? [] : [`${name}: ${places.map(formatPlace).join(', ')}`],
    )
    expect(elsewhere).toEqual([
      'openai: subprotocol openai-insecure-api-key.*',
      'azure-openai: query api-key',
      'gemini: query key, query access_token',
      'vertex: query access_token, query key',
      'xai: subprotocol xai-client-secret.*',
      'mistral: subprotocol rt_*',
      'elevenlabs: xi-api-key, query xi-api-key, query authorization, query single_use_token, query token',
      'deepgram: subprotocol token *, subprotocol bearer *',
    ])
  })

  it('accept kinds that exist and may travel', () => {
    for (const { name, accepts } of catalogue.providers)
      for (const kind of accepts) {
        expect(kindNames, name).toContain(kind)
        expect(catalogue.kinds.find((one) => one.name === kind)?.forward ?? 'inference').toBe(
          'inference',
        )
      }
  })

  it('bound kinds that they accept, by patterns that can be compiled', () => {
    const bounds = catalogue.providers.flatMap(({ name, only }) =>
      only.map(({ kind, matches }) => [name, kind, compilePattern(matches).source]),
    )
    expect(bounds).toEqual([
      ['vertex', 'google-api-key', '^AQ\\.'],
      ['together', 'unknown', '^[0-9a-f]{64}$'],
      ['elevenlabs', 'unknown', '^[0-9a-f]{32}$'],
    ])
  })

  it('use only headers that are cleared before a credential is placed', () => {
    for (const { name, rules } of catalogue.providers)
      for (const { then } of rules)
        if (then.use && then.use.place !== 'none')
          expect(catalogue.places, name).toContainEqual(then.use.place)
  })

  it('accept no kind that another accepts too, beside those that can not be told apart', () => {
    const acceptedBy = new Map<string, string[]>()
    for (const { name, accepts } of catalogue.providers)
      for (const kind of accepts) acceptedBy.set(kind, [...(acceptedBy.get(kind) ?? []), name])
    const shared = [...acceptedBy].filter(([, names]) => names.length > 1)
    expect(shared).toEqual([
      ['openai-legacy', ['openai', 'deepseek']],
      ['openai-ephemeral', ['openai', 'azure-openai']],
      ['jwt', ['azure-openai', 'gemini', 'vertex', 'deepgram']],
      ['unknown', ['azure-openai', 'together', 'mistral', 'cohere', 'elevenlabs', 'deepgram']],
      ['google-api-key', ['gemini', 'vertex']],
      ['google-oauth', ['gemini', 'vertex']],
    ])
  })
})

describe('the schema', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../schemas/credentials.schema.json', import.meta.url), 'utf8'),
  )
  const routes = JSON.parse(
    readFileSync(new URL('../../schemas/routes.schema.json', import.meta.url), 'utf8'),
  )

  it('knows every key that a configuration may set on a kind', () => {
    const own = Object.keys(schema.definitions.kind.properties)
    expect(own).toEqual(expect.arrayContaining(Object.keys(routes.definitions.kind.properties)))
  })

  it('describes every key', () => {
    const undescribed = Object.entries(schema.definitions).flatMap(([name, definition]) =>
      Object.entries((definition as { properties?: Record<string, object> }).properties ?? {})
        .filter(([, property]) => !('description' in property))
        .map(([key]) => `${name}.${key}`),
    )
    expect(undescribed).toEqual([])
  })

  for (const { name, text, error } of [
    { name: 'a wrong version', text: 'version: 2\nkinds: {}\nproviders: {}', error: '/version' },
    { name: 'no kinds', text: 'version: 1\nproviders: {}', error: "'kinds'" },
    {
      name: 'an unknown key',
      text: 'version: 1\nkinds: { a: { description: an A, prefix: a } }\nproviders: {}',
      error: '/kinds/a must NOT have additional properties',
    },
    {
      name: 'plain http',
      text: 'version: 1\nkinds: {}\nproviders: { a: { description: A, url: "http://a.example", accepts: [a], errors: openai, rules: [{ name: a, use: a }] } }',
      error: '/providers/a/url',
    },
  ])
    it(`refuses ${name}`, () => expect(() => readCatalogue(text)).toThrow(error))
})
