import { afterAll, afterEach } from 'vitest'
import { writeStartingFile } from '../../../src/commands/starting-file.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'
import { startProxy } from '../../support/start-proxy.ts'
import { anyApi } from './any-api.ts'
import { type FakeProvider, startProvider } from './fake-provider.ts'

/** Every provider's client that `keyway init` knows a base URL for. */
interface PrintedClient {
  readonly provider: string
  readonly client: string
  readonly url: string
}

/** Keyway under the file that `keyway init` writes for all providers, before one stand-in for them all. */
export interface ServedStartingFile {
  readonly provider: FakeProvider
  readonly clients: readonly PrintedClient[]
  readonly baseUrlOf: (provider: string, client: string) => string
}

/** Serves it for a test file's whole life; `edit` changes the file's text before. */
export async function serveStartingFile(
  edit: (text: string) => string = (text) => text,
): Promise<ServedStartingFile> {
  const provider = await startProvider(anyApi)
  const catalogue = loadCatalogue()
  const text = writeStartingFile(catalogue.providers, catalogue, { file: '', command: '' })
  const keyway = await startProxy(edit(withUpstream(text, provider.url)))
  afterEach(provider.reset)
  afterAll(async () => {
    await keyway.close()
    await provider.close()
  })
  const here = `http://127.0.0.1:${keyway.address.port}`
  const clients = readClients(text.replaceAll('http://127.0.0.1:8080', here))
  return {
    provider,
    clients,
    baseUrlOf(name, client) {
      const found = clients.find((one) => one.provider === name && one.client === client)
      if (!found) throw new Error(`init prints no base URL of ${client} for ${name}`)
      return found.url
    },
  }
}

/** Each provider's own path stays: only its host becomes the stand-in's. */
function withUpstream(text: string, url: string): string {
  const paths = new Map(
    loadCatalogue().providers.map(({ name, url: own }) => [
      name,
      own ? new URL(own).pathname : '/',
    ]),
  )
  return text.replaceAll(/\{ provider: ([a-z-]+)(, url: \S+)? \}/g, (_, name: string) => {
    const path = paths.get(name)?.replace(/\/$/, '') ?? ''
    return `{ provider: ${name}, url: '${url}${path}' }`
  })
}

function readClients(text: string): PrintedClient[] {
  let provider = ''
  return text.split('\n').flatMap((line) => {
    provider = /^ {2}- name: (\S+)$/.exec(line)?.[1] ?? provider
    const [, names = '', url = ''] = /^ {4}# {3}(.+): (http:\S+)$/.exec(line) ?? []
    return names === '' ? [] : names.split(', ').map((client) => ({ provider, client, url }))
  })
}
