import { parsePlacement } from '../language/placement.ts'
import { SentenceError } from '../language/sentence-error.ts'
import type { Outcome } from '../shapes/config.generated.ts'
import type { Path } from '../text/document.ts'
import { type CheckContext, errorAt } from './check-context.ts'
import { createConditionCheck } from './conditions.ts'
import { kindNames, undefinedKind } from './kind-names.ts'
import { checkHeaderName } from './names.ts'
import { undefinedName } from './references.ts'

/** Checks that each invariant claims something, about what there is; whether it holds is proved later. */
export function checkInvariants(context: CheckContext): void {
  const checkCondition = createConditionCheck(context)
  for (const { path, value } of context.model.invariants) {
    if (value.for) checkCondition([...path, 'for'], value.for)
    if (value.never === undefined && value.always === undefined)
      context.report(
        errorAt(
          path,
          'empty-invariant',
          'this says neither what never happens nor what always does',
          {
            hint: 'add "never" or "always"',
          },
        ),
      )
    for (const key of ['never', 'always'] as const) {
      const outcome = value[key]
      if (outcome) checkOutcome(context, [...path, key], outcome)
    }
  }
}

function checkOutcome(context: CheckContext, path: Path, outcome: Outcome): void {
  const { model, report } = context
  const { secrets, upstreams, routes } = model.names
  const rules = model.ruleSets.flatMap((route) =>
    route.rules.map((rule) => rule.value.name ?? `rules[${rule.index}]`),
  )
  const known = { secret: secrets, upstream: upstreams, route: routes, rule: rules }
  for (const what of ['secret', 'upstream', 'route', 'rule'] as const)
    eachName(outcome[what], [...path, what], (name, at) => {
      if (!known[what].includes(name)) report(undefinedName(at, what, name, known[what]))
    })
  const kinds = kindNames(context)
  eachName(outcome.kind, [...path, 'kind'], (name, at) => {
    if (!kinds.includes(name)) report(undefinedKind(at, name, kinds))
  })
  eachName(outcome.placement, [...path, 'placement'], (text, at) =>
    checkPlacement(context, at, text),
  )
  for (const name of Object.keys(outcome.header ?? {}))
    checkHeaderName(context, [...path, 'header', name], name)
}

function checkPlacement({ report }: CheckContext, path: Path, text: string): void {
  try {
    parsePlacement(text)
  } catch (error) {
    if (!(error instanceof SentenceError)) throw error
    const { reason, hint } = error
    report(errorAt(path, 'bad-placement', reason, hint === null ? {} : { hint }))
  }
}

function eachName(
  names: string | readonly string[] | undefined,
  path: Path,
  visit: (name: string, path: Path) => void,
): void {
  if (typeof names === 'string') visit(names, path)
  else for (const [index, name] of (names ?? []).entries()) visit(name, [...path, index])
}
