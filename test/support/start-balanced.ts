import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { compileSnapshot } from '../../src/loading/compile-snapshot.ts'
import { freePort } from './free-port.ts'
import { exchangeRaw, parseResponse, type RawResponse, requestBytes } from './raw-client.ts'
import {
  always,
  ok,
  type RecordingUpstream,
  type Script,
  startUpstream,
} from './recording-upstream.ts'
import { closeAfter } from './start-pair.ts'
import { startProxy, type TestProxy } from './start-proxy.ts'

/** Starts a proxy whose secrets are read from `env`; it closes when the test is over. */
export async function startWithSecrets(
  text: string,
  env: Readonly<Record<string, string>> = {},
): Promise<TestProxy> {
  const { snapshot, diagnostics } = compileSnapshot(
    { file: 'routes.yaml', text },
    { catalogue: loadCatalogue(), env, generation: 1 },
  )
  if (snapshot === null) throw new Error(JSON.stringify(diagnostics, null, 2))
  const proxy = await startProxy(text, undefined, snapshot)
  closeAfter(proxy.close)
  return proxy
}

/** A configuration with one upstream of several targets, and one route to it under `/up`. */
export function targetsText(
  targets: readonly (string | { readonly url: string; readonly weight: number })[],
  more: { readonly upstream?: string; readonly route?: string } = {},
): string {
  const indent = (text: string): string => text.trim().replaceAll(/^(?=.)/gm, '    ')
  return `
version: 1
upstreams:
  up:
    targets: ${JSON.stringify(targets)}
${indent(more.upstream ?? '')}
routes:
  - name: up
    match: { path: /up/* }
    rewrite: { strip: /up }
    upstream: up
${indent(more.route ?? '')}
`
}

/** Starts an upstream that closes when the test is over; by default it answers with its name. */
export async function startTarget(
  name: string,
  script: Script = always(ok(name)),
): Promise<RecordingUpstream> {
  const upstream = await startUpstream(script)
  closeAfter(upstream.close)
  return upstream
}

/** All requests that an upstream was sent, heads and bodies, in the order of its connections. */
export function receivedBy(upstream: RecordingUpstream): string {
  return upstream.connections.map(({ received }) => received()).join('')
}

/** Number of requests that an upstream was sent. */
export function countRequests(upstream: RecordingUpstream): number {
  return receivedBy(upstream).match(/[A-Z]+ \/\S* HTTP\/1\.1\r\n/g)?.length ?? 0
}

/** Sends one request on a connection of its own. */
export async function send(
  proxy: TestProxy,
  line = 'GET /up/x',
  fields: readonly string[] = [],
  body = '',
): Promise<RawResponse> {
  return parseResponse(await exchangeRaw(proxy.address, requestBytes(line, fields, body)))
}

/** A port that nobody listens on. */
export async function refusingUrl(): Promise<string> {
  return `http://127.0.0.1:${await freePort()}`
}

/** Waits until a line with these fields was logged. */
export async function logged(proxy: TestProxy, fields: object): Promise<void> {
  const isThere = (): boolean =>
    proxy.logged.some((line) =>
      Object.entries(fields).every(([name, value]) => line.fields[name] === value),
    )
  while (!isThere()) await new Promise(setImmediate)
}
