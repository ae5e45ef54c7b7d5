import {
  type Beside,
  OWN_FIELDS,
  commentOn,
  describePeer,
  writeCurl,
} from '../../config/diagnostics/write-curl.ts'
import { curlAddress, DEFAULT_CURL_ADDRESS } from '../../config/diagnostics/curl-address.ts'
import type { NormalConfig } from '../../config/shapes/normal-config.ts'
import type { RequestView } from '../../routing/rules/request-view.ts'
import { askedSubjects } from './asked-subjects.ts'
import type { Observed } from '../observe.ts'
import type { World } from '../world.ts'

/** A request that shows something, for people: as a command line, and what that does not say. */
export interface ShownWitness {
  readonly command: string
  readonly beside: Beside
  /** Where it comes from, in words. */
  readonly from: string
}

/** Shows a request that files have decided to the last of them; the first that knows a client by its token names it. */
export function showWitness(
  request: RequestView,
  decided: readonly Decided[],
  configs: readonly NormalConfig[],
): ShownWitness {
  const clients = decided.map(({ decision }) => decision.client?.name ?? null)
  const client = clients.find((name) => name !== null) ?? null
  const listen = configs.at(-1)?.server.listen
  const address = listen ? curlAddress(listen) : DEFAULT_CURL_ADDRESS
  const asked = [...new Set(configs.flatMap(askedFields))]
  const isFromThere = request.peerIp === address.from || !configs.some(asksForAddresses)
  const from = describePeer({ peerIp: isFromThere ? address.from : request.peerIp })
  const beside = { from: isFromThere ? null : from, client }
  return { command: writeCurl(request, { asked, address }), beside, from }
}

type Decided = Pick<Observed, 'decision'>

/** A request to a file on one line, what the command does not say as a comment behind it. */
export function writeShown(request: RequestView, world: World): string {
  return writeDecided({ request, decision: world.table().decide(request) }, world)
}

/** The same of one that is decided already. */
export function writeDecided(
  one: Pick<Observed, 'request' | 'decision'>,
  { config }: World,
): string {
  const shown = showWitness(one.request, [one], [config])
  return shown.command + commentOn(shown.beside)
}

/** Whether a file decides by where requests come from. */
function asksForAddresses(config: NormalConfig): boolean {
  return config.server.trust.length > 0 || askedSubjects(config).has('client-ip')
}

/** Fields that a file asks for and that a command says otherwise. */
function askedFields(config: NormalConfig): readonly string[] {
  const subjects = askedSubjects(config)
  const { routes, invariants } = config
  const outcomes = invariants.flatMap(({ never, always }) => [never, always])
  const names = new Set([
    ...[...subjects].flatMap((subject) => /^header (.*)$/.exec(subject)?.[1] ?? []),
    ...routes.flatMap(({ match }) => match.headers.map(({ name }) => name)),
    ...outcomes.flatMap((one) => one?.headers.map(({ name }) => name) ?? []),
  ])
  if (subjects.has('host') || routes.some(({ match }) => match.hosts !== null)) names.add('host')
  return OWN_FIELDS.filter((name) => names.has(name))
}
