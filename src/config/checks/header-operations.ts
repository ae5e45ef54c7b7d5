import type { Finding } from '../diagnostics/finding.ts'
import type { HeaderOperations } from '../shapes/normal-config.ts'
import type { Path } from '../text/document.ts'
import { actionsOf } from './actions.ts'
import { type CheckContext, errorAt } from './check-context.ts'
import { credentialHeaders } from './credential-headers.ts'
import { findForbiddenHeader } from './forbidden-headers.ts'
import { checkHeaderName } from './names.ts'

/** Checks the header operations of all routes and rules. */
export function checkHeaderOperations(context: CheckContext): void {
  for (const route of context.model.ruleSets) {
    let credentials: ReadonlySet<string> | null = null
    for (const { path, value } of actionsOf(route)) {
      if (value.request) {
        credentials ??= credentialHeaders(context, route)
        checkBlock(context, [...path, 'request'], value.request, credentials)
      }
      if (value.response) checkBlock(context, [...path, 'response'], value.response, NO_HEADERS)
      if (typeof value.reject === 'object')
        checkAnswer(context, [...path, 'reject', 'headers'], value.reject.headers ?? {})
    }
  }
}

const NO_HEADERS: ReadonlySet<string> = new Set()

/** One mention of a header in a block of operations. */
interface Mention {
  readonly name: string
  readonly operation: string
  readonly path: Path
  readonly part: 'key' | 'value'
}

function checkBlock(
  context: CheckContext,
  path: Path,
  operations: HeaderOperations,
  credentials: ReadonlySet<string>,
): void {
  const seen = new Map<string, Mention>()
  for (const mention of mentions(path, operations)) {
    const lower = mention.name.toLowerCase()
    const before = seen.get(lower)
    if (before) context.report(conflict(mention, before))
    else seen.set(lower, mention)
    checkHeaderName(context, mention.path, mention.name)
    if (mention.name.includes('*')) checkStar(context, mention)
    checkAllowed(context, mention)
    if (credentials.has(lower)) checkNoCredential(context, mention)
  }
  for (const operation of ['set', 'add', 'append'] as const)
    for (const [name, value] of Object.entries(operations[operation] ?? {}))
      checkValue(context, [...path, operation, name], value)
}

function checkAnswer(
  context: CheckContext,
  path: Path,
  headers: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(headers)) {
    const mention: Mention = { name, operation: 'set', path: [...path, name], part: 'key' }
    checkHeaderName(context, mention.path, name)
    checkAllowed(context, mention)
    checkValue(context, mention.path, value)
  }
}

function mentions(path: Path, operations: HeaderOperations): readonly Mention[] {
  const found: Mention[] = []
  for (const [index, name] of (operations.remove ?? []).entries())
    found.push({ name, operation: 'remove', path: [...path, 'remove', index], part: 'value' })
  for (const [name, target] of Object.entries(operations.rename ?? {})) {
    const at = [...path, 'rename', name]
    found.push({ name, operation: 'rename', path: at, part: 'key' })
    found.push({ name: target, operation: 'rename', path: at, part: 'value' })
  }
  for (const operation of ['set', 'add', 'append'] as const)
    for (const name of Object.keys(operations[operation] ?? {}))
      found.push({ name, operation, path: [...path, operation, name], part: 'key' })
  return found
}

/** A star stands at the end of a name that is removed, for all that begin so. */
function checkStar({ report }: CheckContext, { name, operation, path, part }: Mention): void {
  if (operation === 'remove' && /^[^*]{2,}\*$/.test(name)) return
  const rule = 'a "*" stands at the end of a name under "remove", for all headers that begin so'
  report(errorAt(path, 'bad-header-name', `"${name}" names no header: ${rule}`, { part }))
}

function conflict(mention: Mention, before: Mention): Finding {
  const words =
    mention.operation === before.operation
      ? `twice under "${mention.operation}"`
      : `under "${before.operation}" and "${mention.operation}"`
  return errorAt(mention.path, 'header-conflict', `"${mention.name}" stands ${words}`, {
    part: mention.part,
    hint: 'a header takes one operation in a block; header names know no case',
  })
}

function forbiddenHint({ name, operation }: Mention): string {
  if (name.toLowerCase() !== 'host' || operation === 'remove') return 'remove it'
  return 'write "host: preserve" or "host: NAME" in the block itself'
}

function checkAllowed({ report }: CheckContext, mention: Mention): void {
  const { name, path, part } = mention
  const reason = findForbiddenHeader(name)
  if (reason === null) return
  const words = `"${name}" can't be changed: ${reason}`
  report(errorAt(path, 'forbidden-header', words, { part, hint: forbiddenHint(mention) }))
}

/** Fields that carry credentials are written by placements alone. */
function checkNoCredential({ report }: CheckContext, mention: Mention): void {
  const { name, operation, path, part } = mention
  if (operation === 'remove') return
  const words = `"${name}" carries a credential, so header operations can't write it`
  report(errorAt(path, 'credential-header', words, { part, hint: useHint(mention) }))
}

function useHint({ name }: Mention): string {
  return `place it with "use": { header: ${name.toLowerCase()}, value: "\${secret.NAME}" }, which clears every other place, or beside another with "also"`
}

function checkValue({ report }: CheckContext, path: Path, value: string): void {
  const bad = /[^\t\x20-\x7e\x80-\xff]/.exec(value)
  if (!bad) return
  const code = bad[0].codePointAt(0) ?? 0
  const name = CONTROL_NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  report(
    errorAt(path, 'bad-header-value', `a header's value can't hold ${name}`, {
      hint:
        code === 10 ? 'write it on one line; with ">-" YAML joins lines by spaces' : 'remove it',
    }),
  )
}

const CONTROL_NAMES: Readonly<Record<number, string>> = {
  0: 'a NUL',
  10: 'a line break',
  13: 'a carriage return',
}
