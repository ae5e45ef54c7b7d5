import { listWords } from '../diagnostics/suggest.ts'
import { formatPlace, headersOf, parsePlace } from '../language/place.ts'
import { alsoItems, parsePlacement } from '../language/placement.ts'
import { reportSentence } from '../language/sentence-error.ts'
import type { RulePart } from '../schema/model.ts'
import type { Condition } from '../shapes/config.generated.ts'
import type { Place, PlacedCredential } from '../shapes/normal-config.ts'
import type { Path } from '../text/document.ts'
import { type ActionPart, actionsOf } from './actions.ts'
import { orElse } from './attempt.ts'
import { type CheckContext, errorAt, warningAt } from './check-context.ts'
import { clientPlaces } from './clients.ts'
import { findForbiddenHeader } from './forbidden-headers.ts'
import { findMistyped } from './mistyped-header.ts'

/** Checks where rules put credentials. */
export function checkPlacements(context: CheckContext): void {
  const { model, report } = context
  const known = knownHeaders(context)
  for (const route of model.ruleSets)
    for (const action of actionsOf(route)) {
      const { path, value } = action
      checkAlso(context, action, known)
      if (value.use === undefined) continue
      const at = [...path, 'use']
      const use = value.use
      const placement = reportSentence(() => parsePlacement(use), {
        path: at,
        code: 'bad-placement',
        report,
      })
      if (placement && placement.place !== 'none') {
        checkHeader(report, at, placement.place, known)
        checkBasic(report, at, placement, action.rule)
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

/** Headers that a file may mean: those of the catalogue, and whatever the file itself looks in. */
function knownHeaders({ model, catalogue }: CheckContext): ReadonlySet<string> {
  const named = model.routes.flatMap(({ value }) => value.credential?.from ?? []).map(parsePlace)
  return new Set(headersOf([...catalogue.places, ...named, ...clientPlaces(model)]))
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
  report(
    errorAt(path, 'mistyped-placement', `no service is known to take "${place.name}"`, {
      hint: `did you mean "${meant}"? If not, name it under "credential.from", too`,
    }),
  )
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
