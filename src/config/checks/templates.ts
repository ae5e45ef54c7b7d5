import type { Finding } from '../diagnostics/finding.ts'
import { listWords, suggest } from '../diagnostics/suggest.ts'
import {
  parseTemplate,
  TEMPLATE_FORMS,
  TemplateError,
  type TemplatePart,
} from '../language/template.ts'
import type { RoutePart } from '../schema/model.ts'
import type { Path } from '../text/document.ts'
import { type ActionPart, actionsOf } from './actions.ts'
import { type CaptureNames, createCaptures } from './captures.ts'
import { type CheckContext, errorAt } from './check-context.ts'
import { tokenHeaders } from './clients.ts'
import { credentialHeaders, ownPlaces } from './credential-headers.ts'
import { type Text, useTexts } from './placement-texts.ts'
import { undefinedName } from './references.ts'

/** Checks every `${…}` of the file. */
export function checkTemplates(context: CheckContext): void {
  for (const route of context.model.ruleSets) checkRoute(context, route)
  for (const { path, value } of context.model.tests)
    for (const [name, matcher] of Object.entries(value.expect.headers ?? {}))
      if (typeof matcher === 'string')
        checkTemplate(context, [...path, 'expect', 'headers', name], matcher, TEST_SCOPE)
}

/** Where a template stands. */
type Home = 'use' | 'request' | 'response' | 'test'

/** What a template may name beside secrets and the environment. */
interface Scope {
  readonly home: Home
  readonly captures: (() => CaptureNames) | null
  /** Headers that carry credentials, and those of them that hold nothing but clients' tokens. */
  readonly headers: ReadonlySet<string>
  readonly tokens: ReadonlySet<string>
}

const TEST_SCOPE: Scope = {
  home: 'test',
  captures: null,
  headers: new Set(),
  tokens: new Set(),
}

/** Fields that carry credentials without being a place that is named. */
const OTHER_FIELDS: readonly string[] = ['proxy-authorization', 'sec-websocket-protocol']

function checkRoute(context: CheckContext, route: RoutePart): void {
  const headers = new Set([...credentialHeaders(context, route), ...OTHER_FIELDS])
  const queries = ownPlaces(context, route, 'query')
  const cookies = ownPlaces(context, route, 'cookie')
  const captures = createCaptures(route, { headers, queries, cookies })
  const places = {
    headers: new Set([...headers, 'cookie']),
    tokens: tokenHeaders(context),
  }
  for (const action of actionsOf(route)) {
    const scope: Scope = { home: 'use', captures: () => captures(action), ...places }
    for (const { path, text } of useTexts(action)) checkTemplate(context, path, text, scope)
    for (const { path, text, home } of texts(action))
      checkTemplate(context, path, text, { ...scope, home })
    checkParameters(context, action, { ...scope, home: 'request' })
  }
}

interface HomeText extends Text {
  readonly home: Home
}

function texts({ path, value }: ActionPart): readonly HomeText[] {
  const found: HomeText[] = []
  for (const block of ['request', 'response'] as const)
    for (const operation of ['set', 'add', 'append'] as const)
      for (const [name, text] of Object.entries(value[block]?.[operation] ?? {}))
        found.push({ path: [...path, block, operation, name], text, home: block })
  const { reject } = value
  if (typeof reject === 'object')
    for (const [name, text] of Object.entries(reject.headers ?? {}))
      found.push({ path: [...path, 'reject', 'headers', name], text, home: 'response' })
  if (value.rewrite?.path !== undefined)
    found.push({ path: [...path, 'rewrite', 'path'], text: value.rewrite.path, home: 'request' })
  for (const [name, text] of Object.entries(value.rewrite?.query?.set ?? {}))
    found.push({ path: [...path, 'rewrite', 'query', 'set', name], text, home: 'request' })
  return found
}

function checkTemplate(context: CheckContext, path: Path, text: string, scope: Scope): void {
  const bare = BARE_REFERENCE.exec(text)
  if (bare) context.report(withoutBraces(path, bare))
  if (!text.includes('${')) return
  try {
    for (const part of parseTemplate(text)) checkReference(context, path, text, part, scope)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    context.report(
      errorAt(path, 'bad-template', error.reason, {
        within: withinOf(text, error.offset),
        hint: templateHint(error),
      }),
    )
  }
}

/** `$secret.a`, where `${secret.a}` is meant. */
const BARE_REFERENCE = /(?<!\$)\$((?:secret|env|capture|request|client)\.[\w-]+(?:\.[\w-]+)*)\}?/

function withoutBraces(path: Path, { 0: written, 1: name, index }: RegExpExecArray): Finding {
  return errorAt(path, 'bad-template', `"${written}" stands for itself`, {
    within: { start: index, end: index + written.length },
    hint: `write \${${name}}; "$$" stands for a dollar sign`,
  })
}

function templateHint({ written }: TemplateError): string {
  const [head = '', ...tail] = written.split('.')
  const form = suggest(written, TEMPLATE_FORMS)
  const meant = HEADS.includes(head) ? null : suggest(head, HEADS)
  if (form !== null || meant !== null)
    return `did you mean "${form ?? [meant, ...tail].join('.')}"?`
  return `there are \${${TEMPLATE_FORMS.join('}, ${')}}; "$$" stands for a dollar sign`
}

const HEADS = ['secret', 'env', 'capture', 'request', 'client']

function withinOf(text: string, offset: number): { start: number; end: number } {
  const end = text.indexOf('}', offset)
  return { start: offset, end: end < 0 ? text.length : end + 1 }
}

function checkReference(
  context: CheckContext,
  path: Path,
  text: string,
  part: TemplatePart,
  scope: Scope,
): void {
  if (part.type === 'text') return
  const within = withinOf(text, part.offset)
  const fail = findFault(context, path, part, scope)
  if (fail) context.report({ ...fail, within })
}

function findFault(
  { model, env }: CheckContext,
  path: Path,
  part: Exclude<TemplatePart, { type: 'text' }>,
  scope: Scope,
): ReturnType<typeof errorAt> | null {
  switch (part.type) {
    case 'secret':
      if (scope.home === 'response') return secretInResponse(path, part.name)
      if (model.names.secrets.includes(part.name)) return null
      return withFallback(
        undefinedName(path, 'secret', part.name, model.names.secrets),
        'add it under "secrets"',
      )
    case 'env':
      if ((env[part.name] ?? part.standard) !== undefined) return null
      return errorAt(path, 'missing-env', `the environment variable ${part.name} is not set`, {
        hint: `set it before Keyway starts, or say what stands for it: \${env.${part.name}:-VALUE}`,
      })
    case 'capture':
      return checkCapture(path, part.name, scope)
    case 'credential':
      return scope.home === 'use' ? null : credentialElsewhere(path, '${credential}')
    case 'request-header':
      return checkHeader(path, part.name, scope)
    default:
      return null
  }
}

function withFallback(
  finding: ReturnType<typeof errorAt>,
  hint: string,
): ReturnType<typeof errorAt> {
  return finding.hint === undefined ? { ...finding, hint } : finding
}

function checkCapture(path: Path, name: string, scope: Scope): ReturnType<typeof errorAt> | null {
  const { all, credentials } = scope.captures?.() ?? NO_CAPTURES
  if (credentials.has(name) && scope.home !== 'use')
    return credentialElsewhere(path, `\${capture.${name}}`)
  if (all.has(name)) return null
  const names = [...all].filter((capture) => capture !== 'rest')
  return errorAt(path, 'undefined-capture', `nothing here captures "${name}"`, {
    hint:
      names.length > 0
        ? `there ${names.length === 1 ? 'is' : 'are'} ${listWords(names)}`
        : `name a group in a "matches" that holds here: (?P<${name}>…), or a path parameter: /:${name}`,
  })
}

const NO_CAPTURES: CaptureNames = { all: new Set(), credentials: new Set() }

function checkHeader(path: Path, name: string, scope: Scope): ReturnType<typeof errorAt> | null {
  const written = `\${request.header.${name}}`
  if (scope.tokens.has(name))
    return errorAt(
      path,
      'credential-template',
      `${written} is the client's token, which never leaves`,
      {
        hint: 'write ${client.name} where the client is meant',
      },
    )
  if (scope.home === 'use' || !scope.headers.has(name)) return null
  return credentialElsewhere(path, written)
}

function credentialElsewhere(path: Path, written: string): ReturnType<typeof errorAt> {
  const message = `${written} may hold a credential, and so may only stand in a "use"`
  return errorAt(path, 'credential-template', message, {
    hint: 'a credential goes to one place, and "use" names it',
  })
}

function secretInResponse(path: Path, name: string): ReturnType<typeof errorAt> {
  const message = `\${secret.${name}} would be shown to the client`
  return errorAt(path, 'secret-in-response', message, { hint: 'remove it from "response"' })
}

/** `:name` of a path that is written anew stands for a capture too. */
function checkParameters(context: CheckContext, action: ActionPart, scope: Scope): void {
  const written = action.value.rewrite?.path
  if (written === undefined) return
  for (const match of written.matchAll(/\/:([A-Za-z_][A-Za-z0-9_]*)/g)) {
    const path = [...action.path, 'rewrite', 'path']
    const fault = checkCapture(path, match[1] as string, scope)
    const start = match.index + 1
    if (fault) context.report({ ...fault, within: { start, end: match.index + match[0].length } })
  }
}
