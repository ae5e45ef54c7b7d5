import type { NormalCondition, NormalMatcher } from '../../shapes/normal-config.ts'

/** A request that a condition holds for, in words; null: none is easily named. */
export function witnessOf(condition: NormalCondition): string | null {
  switch (condition.type) {
    case 'all': {
      const parts = condition.of.map(witnessOf)
      return parts.every((part) => part !== null) ? parts.join(' with ') : null
    }
    case 'any':
      return condition.of.map(witnessOf).find((part) => part !== null) ?? null
    case 'credential':
      return withText('a credential', condition.matcher)
    case 'kind':
      return `a credential of kind ${condition.in[0]}`
    case 'method':
      return withText('method', condition.matcher)
    case 'path':
      return withText('path', condition.matcher)
    case 'path-pattern':
      return `path ${condition.pattern.replace(/\*$/, '…')}`
    case 'host':
      return withText('host', condition.matcher)
    case 'header':
    case 'query':
      return withText(`${condition.type} ${condition.name}`, condition.matcher)
    default:
      return null
  }
}

function withText(subject: string, matcher: NormalMatcher): string | null {
  const text = sample(matcher)
  return text === null ? null : `${subject} ${text}`
}

function sample({
  equals,
  in: list,
  prefix,
  suffix,
  contains,
  matches,
}: NormalMatcher): string | null {
  const exact = equals ?? list?.[0]
  if (exact !== undefined) return exact
  if (prefix !== undefined) return `${prefix}…`
  if (suffix !== undefined) return `…${suffix}`
  if (contains !== undefined) return `…${contains}…`
  const start = /^\^([A-Za-z0-9_/-]+)/.exec(matches ?? '')?.[1]
  return start === undefined ? null : `${start}…`
}
