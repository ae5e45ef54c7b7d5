import { isProxyField } from '../../http/fields/proxy-fields.ts'
import { isUnsafePath } from '../../http/target/unsafe-path.ts'
import { removeFields } from '../rules/header-operations.ts'
import type { RequestContext, UsedSecret } from '../rules/request-context.ts'
import type { Target } from '../rules/rewrite.ts'
import type { Destination } from '../rules/route.ts'
import {
  subprotocolInstead,
  writeCredentialFields,
  writeCredentialQuery,
} from './credential/cleared-places.ts'
import type { OutgoingCredential } from './credential/outgoing-credential.ts'
import type { DecideSettings } from './decide-settings.ts'
import type { Fallback, Forward } from './decision.ts'
import { writeForwarded } from './forwarded.ts'
import { writeMarker } from './loops.ts'
import { createEditOwn } from './response/own-answers.ts'
import { createEditResponse } from './response/response-edit.ts'
import type { Step } from './step.ts'

const NO_FALLBACKS: readonly Fallback[] = []

/** Builds the request that leaves; null where a value can't be had or written, `unsafe` where it would make a path that no request may have. */
export function createForward(
  settings: DecideSettings,
  step: Step,
  leaving: readonly OutgoingCredential[],
): Forward | 'unsafe' | null {
  const { route, context, selection, destination } = step
  const host = chooseHost(step)
  const headers = composeHeaders(settings, step, leaving, host)
  const target = composeTarget(step, leaving)
  if (headers === null || target === null) return null
  if (target.path !== context.path && isUnsafePath(target.path)) return 'unsafe'
  return {
    action: 'forward',
    route: route.name,
    rule: selection.rule?.name ?? null,
    branch: context.branch,
    upstream: destination.upstream,
    balanceKey: destination.balanceKeyOf?.(context) ?? null,
    retry: destination.retry,
    fallbacks: NO_FALLBACKS,
    target:
      withBasePath(destination, target.path) + (target.query === null ? '' : `?${target.query}`),
    headers,
    subprotocol: subprotocolInstead(context, headers, route.cleared),
    editResponse: createEditResponse(
      settings,
      step,
      { client: (context.request.mount ?? '') + context.path, upstream: target.path },
      host,
    ),
    editOwn: createEditOwn(selection.actions, context),
    limits: destination.limits,
    charges: route.charges(context),
    errors: destination.errors,
    credentialKind: context.credential?.kind.name ?? null,
    credentialPlace: context.credential?.place ?? null,
    credentialScheme: context.credential?.scheme ?? null,
    client: context.client,
    hidden: context.hidden,
    secret: leaving[0]?.secret ?? null,
    secrets: usedSecrets(context, leaving),
    clientIp: context.clientIp,
  }
}

/** The secrets that were read, and as they are written where they are encoded together with other text. */
function usedSecrets(
  { secrets }: RequestContext,
  leaving: readonly OutgoingCredential[],
): readonly UsedSecret[] {
  const used = [...secrets]
  for (const { secret, text } of leaving)
    if (secret !== null && !text.includes(secret.value))
      used.push({ name: secret.name, value: text.replace(/^\S+ /, '') })
  return used
}

/** A path as it leaves; what a client brought of the base path by itself stands there once. */
function withBasePath({ basePath, upstream }: Destination, path: string): string {
  const { brought } = upstream.config
  if (brought === null || !basePath.endsWith(brought)) return basePath + path
  const isBrought = path === brought || path.startsWith(`${brought}/`)
  return (isBrought ? basePath.slice(0, -brought.length) : basePath) + path
}

function composeHeaders(
  settings: DecideSettings,
  { route, context, selection, destination }: Step,
  leaving: readonly OutgoingCredential[],
  host: string | null,
): string[] | null {
  const fields = route.copyFields(context)
  writeCredentialFields(fields, route.cleared, leaving)
  if (destination.upstream.config.forwarded) writeForwarded(fields, context)
  else if (context.isPeerTrusted) removeFields(fields, isProxyField)
  fields.push('X-Request-Id', context.request.id)
  const { httpVersion = '1.1' } = context.request
  if (settings.via) fields.push('Via', `${httpVersion} ${settings.via}`)
  writeMarker(fields, settings.loops, destination.upstream, context)
  if (host !== null) fields.push('Host', host)
  const isWritten = selection.actions.every(({ request }) => request?.(fields, context) ?? true)
  return isWritten ? fields : null
}

/** The Host of whichever action says one last; null: the upstream's own leaves. */
function chooseHost({ context, selection: { actions } }: Step): string | null {
  const said = actions.findLast(({ host }) => host !== null)?.host ?? null
  return (said === 'preserve' ? context.header('host') : said) || null
}

function composeTarget(
  { route, context, selection }: Step,
  leaving: readonly OutgoingCredential[],
): Target | null {
  let target: Target | null = { path: context.path, query: context.query }
  for (const { rewrite } of selection.actions) {
    if (rewrite) target = rewrite(target, context)
    if (target === null) return null
  }
  return writeCredentialQuery(target, route.cleared, leaving)
}
