import { afterAll, afterEach, expect, vi } from 'vitest'
import type { FakeProvider, ProviderApi } from './fake-provider.ts'
import { startServed } from './start-served.ts'

/** A call of a client's first day with an API. */
export interface ClientCall<Client> {
  readonly name: string
  readonly call: (client: Client) => Promise<unknown>
  readonly answer: unknown
  /** The request that the provider gets of it, as `METHOD target`. */
  readonly sent: string
}

/** A provider with Keyway's shipped file before it. */
export interface ServedProvider {
  readonly provider: FakeProvider
  /** Keyway's route to it: a client's base URL, without the API's version. */
  readonly baseUrl: string
  /** Expects that the provider got one request, with these credentials. */
  readonly expectOne: (sent: string, credentials: readonly string[]) => void
}

/** Serves a provider for a test file's whole life; every test begins without requests or variables. */
export async function serveProvider(name: string, api: ProviderApi): Promise<ServedProvider> {
  const { keyway, providers, close } = await startServed({ [name]: api })
  const provider = providers[name] as FakeProvider
  afterEach(() => {
    provider.reset()
    vi.unstubAllEnvs()
  })
  afterAll(close)
  return {
    provider,
    baseUrl: `${keyway.url}/${name}`,
    expectOne(sent, credentials) {
      const requests = provider.requests.map(({ method, target }) => `${method} ${target}`)
      expect(requests).toEqual([sent])
      expect(provider.requests[0]?.credentials).toEqual(credentials)
    },
  }
}
