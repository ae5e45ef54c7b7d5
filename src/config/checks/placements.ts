import type { Finding } from '../diagnostics/finding.ts'
import { listWords } from '../diagnostics/suggest.ts'
import { formatPlace, headersOf, parsePlace } from '../language/place.ts'
import { alsoItems, parsePlacement } from '../language/placement.ts'
import { refuseMisplacedWords } from '../language/placement-words.ts'
import { reportSentence } from '../language/sentence-error.ts'
import type { RoutePart, RulePart } from '../schema/model.ts'
import type { Condition } from '../shapes/config.generated.ts'
import type { NormalPlacement, Place, PlacedCredential } from '../shapes/normal-config.ts'
import type { Path } from '../text/document.ts'
import { type ActionPart, actionsOf } from './actions.ts'
import { orElse } from './attempt.ts'
import { type CheckContext, errorAt, warningAt } from './check-context.ts'
import { clientPlaces } from './clients.ts'
import { credentialHeaders } from './credential-headers.ts'
import { findForbiddenHeader } from './forbidden-headers.ts'
import { findMistyped } from './mistyped-header.ts'

/** Checks where rules put credentials. */
export function checkPlacements(context: CheckContext): void {
  const { model } = context
  for (const route of model.routes) checkSearched(context, route)
  for (const route of model.ruleSets) {
    const known = credentialHeaders(context, route)
    for (const action of actionsOf(route)) {
      checkUse(context, route, action, known)
      checkAlso(context, action, known)
    }
  }
}

function checkUse(
  context: CheckContext,
  route: RoutePart,
  { path, value, rule }: ActionPart,
  known: ReadonlySet<string>,
): void {
  const { report } = context
  const { use } = value
  if (use === undefined) return
  const at = [...path, 'use']
  const read = (): NormalPlacement => parsePlacement(use)
  const placement = reportSentence(read, { path: at, code: 'bad-placement', report })
  if (placement && placement.place !== 'none') {
    checkHeader(report, at, placement.place, known)
    checkBasic(report, at, placement, rule)
    checkProvider(context, at, placement, value.upstream ?? route.value.upstream)
  }
  if (placement && value.reject !== undefined)
    report(
      errorAt([...path, 'reject'], 'use-and-reject', '"use" and "reject" exclude each other', {
        part: 'key',
        hint: 'a rejected request takes no credential anywhere; remove one of them',
      }),
    )
}

/** Checks the credentials that go along: each names a place of its own. */
function checkAlso(
  { report }: CheckContext,
  { path, value }: ActionPart,
  known: ReadonlySet<string>,
): void {
  const { use, also } = value
  const main = use === undefined ? null : orElse(() => parsePlacement(use), null)
  const seen = new Set(main === null || main.place === 'none' ? [] : [formatPlace(main.place)])
  for (const [index, item] of alsoItems(also).entries()) {
    const at = [...path, 'also', ...(Array.isArray(also) ? [index] : [])]
    const placement = reportSentence(() => parsePlacement(item), {
      path: at,
      code: 'bad-placement',
      report,
    })
    if (placement === null) continue
    if (placement.place === 'none')
      report(errorAt(at, 'bad-placement', '"none" goes along with nothing', { hint: 'remove it' }))
    else {
      checkHeader(report, at, placement.place, known)
      checkBasic(report, at, placement, null)
      const name = formatPlace(placement.place)
      if (seen.has(name))
        report(
          errorAt(at, 'two-in-one-place', `two credentials would stand in ${name}`, {
            hint: 'a place holds one; remove one of them',
          }),
        )
      seen.add(name)
    }
  }
}

/** Checks where a route looks: a header that is near a known one is meant only where a rule uses it, too. */
function checkSearched({ report, catalogue, model }: CheckContext, route: RoutePart): void {
  const uses = actionsOf(route).flatMap(({ value: { use } }) => (use === undefined ? [] : [use]))
  const used = uses.flatMap((use) => {
    const placement = orElse(() => parsePlacement(use), { place: 'none' as const })
    return placement.place === 'none' ? [] : [placement.place]
  })
  const known = new Set(headersOf([...catalogue.places, ...used, ...clientPlaces(model)]))
  for (const [index, text] of (route.value.credential?.from ?? []).entries()) {
    const path = [...route.path, 'credential', 'from', index]
    const place = parsePlace(text)
    const read = (): void => refuseMisplacedWords([{ text, offset: 0 }], place.in)
    reportSentence(read, { path, code: 'bad-placement', report })
    const meant = place.in === 'header' ? findMistyped(place.name, known) : null
    if (meant !== null) report(mistyped(path, place.name, `did you mean "${meant}"?`))
  }
}

function mistyped(path: Path, name: string, hint: string): Finding {
  const message = `no service is known to take "${name}"`
  return errorAt(path, 'mistyped-placement', message, { hint })
}

function checkHeader(
  report: CheckContext['report'],
  path: Path,
  place: Place,
  known: ReadonlySet<string>,
): void {
  if (place.in !== 'header') return
  const reason = findForbiddenHeader(place.name)
  const message = `no credential can go in "${place.name}": ${reason}`
  const meant = reason === null ? findMistyped(place.name, known) : null
  if (reason !== null) report(errorAt(path, 'forbidden-header', message))
  if (meant === null) return
  const hint = `did you mean "${meant}"? If not, name it under "credential.from", too`
  report(mistyped(path, place.name, hint))
}

/** Basic credentials are a user and a password, encoded together: text that is only put behind the word is not. */
function checkBasic(
  report: CheckContext['report'],
  path: Path,
  { scheme, value, basic }: PlacedCredential,
  rule: RulePart | null,
): void {
  if (basic !== null || scheme?.toLowerCase() !== 'basic') return
  const isClients = value === null || value === '${credential}'
  if (isClients ? speaksOfScheme(rule?.value.if) : /^\$\{secret\.[^}]+\}$/.test(value)) return
  report(
    errorAt(path, 'unencoded-basic', 'Basic wants user and password encoded together in base64', {
      hint: 'write use: { basic: { user: NAME, password: VALUE } }',
    }),
  )
}

function speaksOfScheme(condition: Condition | undefined): boolean {
  return condition !== undefined && JSON.stringify(condition).includes('"scheme"')
}

/** Warns of a place that the service has no documents of, unless the file reaches it at another address. */
function checkProvider(
  { model, catalogue, report }: CheckContext,
  path: Path,
  placement: PlacedCredential,
  upstream: string | undefined,
): void {
  const value = model.upstreams.find(({ name }) => name === upstream)?.value
  const provider = catalogue.providers.find(({ name }) => name === value?.provider)
  if (!provider || (provider.url !== null && (value?.url ?? provider.url) !== provider.url)) return
  const uses = provider.rules.flatMap(({ then: { use } }) =>
    use === null || use.place === 'none' ? [] : [use],
  )
  const taken = [...uses.map(formatUse), ...provider.places.map(formatPlace)]
  if (taken.includes(formatUse(placement))) return
  report(
    warningAt(
      path,
      'unknown-placement',
      `${provider.description.split(',')[0]} is not known to take a credential in ${formatUse(placement)}`,
      { hint: `it takes ${listWords(taken, 'or')}` },
    ),
  )
}

function formatUse({ place, scheme }: PlacedCredential): string {
  return scheme === null ? formatPlace(place) : `${formatPlace(place)} ${scheme.toLowerCase()}`
}
