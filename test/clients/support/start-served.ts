import { type FakeProvider, type ProviderApi, startProvider } from './fake-provider.ts'
import { type Shipped, startShipped } from './start-shipped.ts'

/** Stand-ins for providers, and Keyway under the file that it ships with before them. */
export interface Served<Name extends string> {
  readonly keyway: Shipped
  readonly providers: Readonly<Record<Name, FakeProvider>>
  readonly close: () => Promise<void>
}

/** Starts both; `keys` adds more keys to every provider's upstream, such as `limits: { … }`. */
export async function startServed<Name extends string>(
  apis: Readonly<Record<Name, ProviderApi>>,
  keys = '',
): Promise<Served<Name>> {
  const names = Object.keys(apis) as Name[]
  const started = await Promise.all(
    names.map(async (name) => [name, await startProvider(apis[name])] as const),
  )
  const urls = started.map(([name, { url }]) => [name, `url: '${url}'${keys && `, ${keys}`}`])
  const keyway = await startShipped(Object.fromEntries(urls))
  return {
    keyway,
    providers: Object.fromEntries(started) as Record<Name, FakeProvider>,
    async close() {
      await keyway.close()
      for (const [, provider] of started) await provider.close()
    },
  }
}
