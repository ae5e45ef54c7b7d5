import { dirname } from 'node:path'
import { headersOf } from '../config/language/place.ts'
import type { NormalConfig } from '../config/shapes/normal-config.ts'
import { createSecretStore, type SecretStore } from '../credentials/secrets/secret-store.ts'
import { createRedactor, type Redactor } from '../credentials/show/redact.ts'
import type { RequestView } from '../routing/rules/request-view.ts'
import { clientOfToken, standInSecret, withToken } from '../testing/request.ts'
import { type Command, configFile, parseFlags, UsageError } from './command.ts'
import { parseCurl } from './curl.ts'
import { describeExplanation } from './explain-json.ts'
import { formatExplanation } from './explain-text.ts'
import { loadFile } from './load-file.ts'
import { splitHeader, viewOfWritten, type WrittenRequest } from './written-request.ts'

const FLAGS = {
  config: { type: 'string', short: 'c' },
  request: { type: 'string', short: 'X' },
  header: { type: 'string', short: 'H', multiple: true },
  client: { type: 'string' },
  'client-ip': { type: 'string' },
  'stand-in-secrets': { type: 'boolean' },
  format: { type: 'string', default: 'text' },
} as const

/** `keyway explain`: which route and rule take a request, and why; nothing is sent. */
export const explain: Command = async (args, io) => {
  const { request, flags } = readArguments(args)
  if (flags.format !== 'text' && flags.format !== 'json')
    throw new UsageError(`--format is text or json, not "${flags.format}"`)
  const file = configFile(flags.config, io)
  const loaded = loadFile(file, io, {
    ...(flags['stand-in-secrets'] && { readSecret: standInSecret }),
    ...(flags.client && { identifyClient: clientOfToken }),
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
  readonly flags: ReturnType<typeof parseFlags<typeof FLAGS>>['values']
}

/** Own flags, then a path or URL; or own flags, then a whole curl command as it was pasted. */
function readArguments(args: readonly string[]): Arguments {
  const curl = args.indexOf('curl')
  const { values: flags, positionals } = parseFlags(curl < 0 ? args : args.slice(0, curl), FLAGS)
  if (curl >= 0) return { flags, request: parseCurl(args.slice(curl + 1)) }
  const [url, ...rest] = positionals
  if (url === undefined) throw new UsageError('explain wants a path, such as /v1/messages')
  if (rest.length > 0) throw new UsageError(`explain takes one path, but got "${rest[0]}" too`)
  const headers = (flags.header ?? []).flatMap(splitHeader)
  return { flags, request: { method: flags.request ?? 'GET', url, headers } }
}
