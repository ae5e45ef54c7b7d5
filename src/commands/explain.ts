import { dirname } from 'node:path'
import { headersOf } from '../config/language/place.ts'
import type { NormalConfig } from '../config/shapes/normal-config.ts'
import { createSecretStore, type SecretStore } from '../credentials/secrets/secret-store.ts'
import { createRedactor, type Redactor } from '../credentials/show/redact.ts'
import { describeExplanation } from '../routing/decide/explain/describe-explanation.ts'
import type { RequestView } from '../routing/rules/request-view.ts'
import { clientOfToken, standInSecret, withToken } from '../testing/request.ts'
import { type Command, configFile, parseFlags, UsageError } from './command.ts'
import { parseCurl } from './curl/parse-curl.ts'
import { splitShell } from './curl/shell-words.ts'
import { loadFile } from './load-file.ts'
import { formatExplanation } from './reports/explain-text.ts'
import { explainUsage } from './usage/explain.ts'
import { splitHeader, viewOfWritten, type WrittenRequest } from './written-request.ts'

/** `keyway explain`: which route and rule take a request, and why; nothing is sent. */
export const explain: Command = async (args, io) => {
  const { request, flags } = readArguments(args)
  const file = configFile(flags.config, io)
  const loaded = loadFile(file, io, {
    ...(flags['stand-in-secrets'] && { readSecret: standInSecret }),
    // The requests of findings have stand-ins for tokens.
    identifyClient: (token, clients, identify) => clientOfToken(token, clients) ?? identify(token),
  })
  if (loaded === null) return 1
  const { config, table } = loaded.snapshot
  const view = addClient(
    viewOfWritten(request, flags['client-ip'] ?? '127.0.0.1'),
    flags.client,
    config,
  )
  const redactor = createRedactor(loaded.classify, loaded.snapshot.scanner)
  redactor.hidePlaces(view, loaded.places)
  redactor.hideRequest(view.headers, headersOf(config.clients?.places ?? []))
  const { classify } = loaded
  hideSecrets(
    redactor,
    config,
    createSecretStore(config.secrets, { baseDir: dirname(file), env: io.env, classify }),
  )
  const explanation = table.explain(view)
  const { credential, leaving, dropped } = explanation
  for (const { value } of [...leaving, ...dropped]) redactor.hide(value)
  if (credential) redactor.hide(credential.value)
  const subject = { view, explanation, loaded, redactor }
  const text =
    flags.format === 'json'
      ? `${JSON.stringify(describeExplanation(subject), null, 2)}\n`
      : formatExplanation(subject)
  io.stdout(redactor.redact(text))
  return 0
}

function addClient(
  view: RequestView,
  client: string | undefined,
  { clients }: NormalConfig,
): RequestView {
  if (client === undefined) return view
  if (clients === null) throw new UsageError('--client needs a configuration with clients')
  return withToken(view, clients, client)
}

function hideSecrets(redactor: Redactor, { secrets }: NormalConfig, store: SecretStore): void {
  for (const { name, sources } of secrets)
    for (const _ of sources) redactor.hide(store.read(name) ?? '')
}

interface Arguments {
  readonly request: WrittenRequest
  readonly flags: ReturnType<typeof parseFlags<(typeof explainUsage)['flags']>>['values']
}

/** Own flags, then a path or URL; or own flags, then a whole curl command as it was pasted. */
function readArguments(args: readonly string[]): Arguments {
  const all = args.flatMap((word) => (/^curl\s/.test(word) ? splitShell(word) : [word]))
  const curl = all.indexOf('curl')
  const { values: flags, positionals } = parseFlags(
    curl < 0 ? all : all.slice(0, curl),
    explainUsage,
  )
  const request = curl < 0 ? readRequest(flags, positionals) : parseCurl(all.slice(curl + 1))
  if (!/^[A-Z-]+$/.test(request.method))
    throw new UsageError(
      `the method ${printable(request.method)} would be sent as it stands, and answered 400; write it in capitals`,
    )
  if (/[\s\0-\x1f\x7f]/.test(request.url))
    throw new UsageError('a path holds no spaces, and would be answered 400; write %20')
  return { flags, request }
}

function readRequest(flags: Arguments['flags'], [url, ...rest]: readonly string[]): WrittenRequest {
  if (url === undefined) throw new UsageError('explain wants a path, such as /v1/messages')
  // What stands there may be a credential, and is not printed.
  if (rest.length > 0)
    throw new UsageError(
      'explain takes one path, but got more; a header is written -H "name: value"',
    )
  const headers = (flags.header ?? []).flatMap(splitHeader)
  return { method: flags.request ?? 'GET', url, headers }
}

function printable(method: string): string {
  return /^[A-Za-z-]{1,20}$/.test(method) ? `"${method}"` : 'that is written'
}
