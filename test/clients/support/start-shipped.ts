import { readFile } from 'node:fs/promises'
import { startProxy, type TestProxy } from '../../support/start-proxy.ts'

/** Keyway under the file that it ships with. */
export interface Shipped extends TestProxy {
  readonly url: string
}

/** Starts the shipped file; `upstreams` adds keys, such as `url: http://…`, to a provider's upstream. */
export async function startShipped(upstreams: Readonly<Record<string, string>>): Promise<Shipped> {
  const shipped = new URL('../../../config/routes.yaml', import.meta.url)
  let text = await readFile(shipped, 'utf8')
  for (const [name, keys] of Object.entries(upstreams)) {
    const before = text
    text = text.replace(`{ provider: ${name} }`, `{ provider: ${name}, ${keys} }`)
    if (text === before) throw new Error(`config/routes.yaml has no { provider: ${name} }`)
  }
  const proxy = await startProxy(text)
  return { ...proxy, url: `http://127.0.0.1:${proxy.address.port}` }
}
