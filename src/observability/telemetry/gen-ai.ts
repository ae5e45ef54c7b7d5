/** Values of `gen_ai.provider.name` in OpenTelemetry's conventions, by the catalogue's names. */
const PROVIDERS: Readonly<Record<string, string>> = {
  anthropic: 'anthropic',
  openai: 'openai',
  'azure-openai': 'azure.ai.openai',
  azure: 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  gemini: 'gcp.gemini',
  vertex: 'gcp.vertex_ai',
  cohere: 'cohere',
  deepseek: 'deepseek',
  groq: 'groq',
  mistral: 'mistral_ai',
  perplexity: 'perplexity',
  xai: 'x_ai',
}

/** Values of `gen_ai.operation.name`, by how the path ends. */
const OPERATIONS: readonly (readonly [RegExp, string])[] = [
  [/\/(?:chat\/completions|messages|responses|chat|converse(?:-stream)?)$/, 'chat'],
  [/:(?:generateContent|streamGenerateContent)$/, 'generate_content'],
  [/\/(?:completions|complete)$/, 'text_completion'],
  [/(?:\/embeddings|\/embed|:embedContent|:batchEmbedContents)$/, 'embeddings'],
]

/** What is known of a model's use by where it is asked: never what is said. */
export interface GenAi {
  readonly provider: string
  /** null: it is no operation that the conventions name. */
  readonly operation: string | null
}

/** Tells it by the upstream's provider and the path; null: no such provider is named. */
export function describeGenAi(provider: string | null, path: string): GenAi | null {
  if (provider === null) return null
  const name = PROVIDERS[provider] ?? provider
  const operation = OPERATIONS.find(([pattern]) => pattern.test(path))?.[1] ?? null
  return { provider: name, operation }
}
