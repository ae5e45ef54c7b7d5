import { didYouMean, suggest } from '../diagnostics/suggest.ts'

/** Products and companies by which people call a provider. */
const PRODUCTS: Readonly<Record<string, string>> = {
  aws: 'bedrock',
  azure: 'azure-openai',
  chatgpt: 'openai',
  claude: 'anthropic',
  copilot: 'github-models',
  github: 'github-models',
  google: 'gemini',
  gpt: 'openai',
  grok: 'xai',
  hf: 'huggingface',
}

/** A host with its domain or its port, as it stands in a URL. */
const ADDRESS = /^(?:[\w-]+\.)*(?:[\w-]+\.[a-z]{2,}|\d+\.\d+|[\w-]+(?=:\d))(?::\d+)?(?:\/|$)/i

/** The hint for a provider that the catalogue does not have: the one that is meant, else those there are. */
export function providerMeant(name: string, providers: readonly string[]): { hint?: string } {
  const meant = productsProvider(name)
  return meant === undefined ? didYouMean(name, providers) : { hint: `did you mean "${meant}"?` }
}

/** How an upstream that is named and not declared would be declared; nothing where one is called nearly so. */
export function declarationHint(
  name: string,
  upstreams: readonly string[],
  providers: readonly string[],
): { hint?: string } {
  if (/^(https?:\/\/|builtin:)/.test(name)) return urlHint(name)
  if (suggest(name, upstreams) !== null) return {}
  if (ADDRESS.test(name)) return urlHint(withScheme(name))
  const lower = name.toLowerCase()
  const provider = providers.includes(lower) ? lower : productsProvider(lower)
  if (provider !== undefined)
    return { hint: `add it under "upstreams": { ${name}: { provider: ${provider} } }` }
  return lower === 'echo' ? { hint: `add it under "upstreams": { ${name}: builtin:echo }` } : {}
}

/** An address as a URL: on this machine by http, anywhere else by https. */
export function withScheme(text: string): string {
  const bare = text.replace(/^(?:[a-z][a-z0-9+.-]*:)?\/+/i, '')
  return /^(?:localhost|127\.|\[::1\])/.test(bare) ? `http://${bare}` : `https://${bare}`
}

function productsProvider(name: string): string | undefined {
  const lower = name.toLowerCase()
  return Object.hasOwn(PRODUCTS, lower) ? PRODUCTS[lower] : undefined
}

function urlHint(url: string): { hint: string } {
  return { hint: `give it a name under "upstreams", such as { api: ${url} }, and write that here` }
}
