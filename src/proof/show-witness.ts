import { subjectsOf } from '../config/checks/reasoning/mentions.ts'
import {
  type Beside,
  CURL_FIELDS,
  commentOn,
  describePeer,
  writeCurl,
} from '../config/diagnostics/write-curl.ts'
import type { NormalConfig } from '../config/shapes/normal-config.ts'
import type { RequestView } from '../routing/rules/request-view.ts'
import type { Observed } from './observe.ts'
import type { World } from './world.ts'

/** A request that shows something, for people: as a command line, and what that does not say. */
export interface ShownWitness extends Beside {
  readonly command: string
}

/** Shows a request that files have decided: the first of them that knows a client by its token names it. */
export function showWitness(
  request: RequestView,
  decided: readonly Decided[],
  configs: readonly NormalConfig[],
): ShownWitness {
  const clients = decided.map(({ decision }) => decision.client?.name ?? null)
  return {
    command: writeCurl(request, new Set(configs.flatMap(askedFields))),
    from: describePeer(request),
    client: clients.find((name) => name !== null) ?? null,
  }
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
  return shown.command + commentOn(shown)
}

const KNOWN = new WeakMap<NormalConfig, readonly string[]>()

/** Fields that a file asks for and that curl adds by itself. */
function askedFields(config: NormalConfig): readonly string[] {
  const known = KNOWN.get(config) ?? [...new Set(fieldsIn(config))]
  KNOWN.set(config, known)
  return known
}

function fieldsIn({ routes, invariants }: NormalConfig): readonly string[] {
  const rules = routes.flatMap((route) => [route, ...route.fallback].flatMap((one) => one.rules))
  const conditions = [...rules.map((rule) => rule.if), ...invariants.map((one) => one.for)]
  const subjects = conditions.flatMap((one) => (one === null ? [] : subjectsOf(one)))
  const outcomes = invariants.flatMap(({ never, always }) => [never, always])
  const names = new Set([
    ...subjects.flatMap((subject) => /^header (.*)$/.exec(subject)?.[1] ?? []),
    ...routes.flatMap(({ match }) => match.headers.map(({ name }) => name)),
    ...outcomes.flatMap((one) => one?.headers.map(({ name }) => name) ?? []),
  ])
  return CURL_FIELDS.filter((name) => names.has(name))
}
