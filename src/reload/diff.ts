import { isDeepStrictEqual } from 'node:util'
import type {
  NormalClients,
  NormalConfig,
  NormalRoute,
  NormalRule,
} from '../config/shapes/normal-config.ts'
import type { NormalUpstream } from '../config/shapes/normal-upstream.ts'
import { atOnce, type Steps } from '../routing/compile/steps.ts'
import { changedSettings } from './server-settings.ts'

interface Named {
  readonly name: string
}

/** Says in words what differs between two configurations, such as `route "echo" changed: upstream`. */
export function describeChanges(previous: NormalConfig, next: NormalConfig): string[] {
  return atOnce(changeSteps(previous, next))
}

/** The same, entry by entry. */
export function* changeSteps(previous: NormalConfig, next: NormalConfig): Steps<string[]> {
  return [
    ...changedSettings(previous, next).map((name) => `${name} changed`),
    ...(yield* namedSteps('secret', previous.secrets, next.secrets)),
    ...clientChanges(previous.clients, next.clients),
    ...(yield* namedSteps('kind', previous.kinds, next.kinds)),
    ...(yield* namedSteps('upstream', previous.upstreams, next.upstreams, upstreamParts)),
    ...(yield* namedSteps('route', previous.routes, next.routes, routeParts)),
    ...orderChanges('routes', previous.routes, next.routes),
    ...(yield* namedSteps('limit', previous.limits, next.limits)),
    ...(yield* namedSteps('invariant', previous.invariants, next.invariants)),
    ...(isDeepStrictEqual(previous.audit, next.audit) ? [] : ['audit changed']),
    ...(isDeepStrictEqual(previous.tests, next.tests) ? [] : ['tests changed']),
  ]
}

function namedChanges<T extends Named>(
  word: string,
  previous: readonly T[],
  next: readonly T[],
  parts?: (before: T, after: T) => string[],
): string[] {
  return atOnce(namedSteps(word, previous, next, parts))
}

function* namedSteps<T extends Named>(
  word: string,
  previous: readonly T[],
  next: readonly T[],
  parts: (before: T, after: T) => string[] = changedParts,
): Steps<string[]> {
  const before = new Map(previous.map((item) => [item.name, item]))
  const after = new Set(next.map((item) => item.name))
  const removed = previous.filter((item) => !after.has(item.name))
  const changes = removed.map((item) => `${word} "${item.name}" removed`)
  for (const item of next) {
    yield
    const old = before.get(item.name)
    const changed = old && (isSame(old, item) ? [] : parts(old, item))
    if (changed === undefined) changes.push(`${word} "${item.name}" added`)
    else if (changed.length > 0)
      changes.push(`${word} "${item.name}" changed: ${changed.join(', ')}`)
  }
  return changes
}

/** Tells most entries that did not change at a tenth of what comparing their parts takes. */
function isSame(previous: object, next: object): boolean {
  return JSON.stringify(previous) === JSON.stringify(next)
}

// `index` is a place, not a part: where it matters, the order is told by itself.
function changedParts(previous: object, next: object): string[] {
  const before = new Map(Object.entries(previous))
  const after = new Map(Object.entries(next))
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (part) => part !== 'index' && !isDeepStrictEqual(before.get(part), after.get(part)),
  )
}

// `url` is the first of the targets, too: only what stands in the file is told.
function upstreamParts(previous: NormalUpstream, next: NormalUpstream): string[] {
  const isOne = previous.targets.length === 1 && next.targets.length === 1
  return changedParts(previous, next).filter((part) => part !== (isOne ? 'targets' : 'url'))
}

function routeParts(previous: NormalRoute, next: NormalRoute): string[] {
  const { rules: rulesBefore, ...before } = previous
  const { rules: rulesAfter, ...after } = next
  return [
    ...changedParts(before, after),
    ...namedChanges('rule', rulesBefore, rulesAfter, ruleParts),
    ...orderChanges('rules', rulesBefore, rulesAfter),
  ]
}

// In the file the keys of `then` stand beside `if`.
function ruleParts(previous: NormalRule, next: NormalRule): string[] {
  return changedParts(
    { ...previous, ...previous.then, then: 0 },
    { ...next, ...next.then, then: 0 },
  )
}

function clientChanges(previous: NormalClients | null, next: NormalClients | null): string[] {
  const tokens = namedChanges('client', previous?.tokens ?? [], next?.tokens ?? [])
  if (previous === null || next === null) return tokens
  const settings = changedParts({ ...previous, tokens: null }, { ...next, tokens: null })
  return [...settings.map((name) => `clients.${settingName(name)} changed`), ...tokens]
}

const SETTING_NAMES: Readonly<Record<string, string>> = {
  isRequired: 'required',
  isCounted: 'metrics',
  places: 'header',
}

const settingName = (name: string): string => SETTING_NAMES[name] ?? name

function orderChanges(word: string, previous: readonly Named[], next: readonly Named[]): string[] {
  const before = new Set(previous.map((item) => item.name))
  const after = new Set(next.map((item) => item.name))
  const keptBefore = [...before].filter((name) => after.has(name))
  const keptAfter = [...after].filter((name) => before.has(name))
  return isDeepStrictEqual(keptBefore, keptAfter) ? [] : [`order of ${word} changed`]
}
