import { parseTemplate, type TemplatePart } from '../../config/language/template.ts'
import type { RequestContext } from './request-context.ts'

/** Writes a value for one request; null where a secret it needs can't be had. */
export type Template = (context: RequestContext) => string | null

/** What templates read that is not in the request. */
export interface TemplateSources {
  readonly env: Readonly<Record<string, string | undefined>>
  /** A secret's present value; null: missing, empty or resting. */
  readonly readSecret: (name: string) => string | null
}

/** Compiles a value with `${…}` references; environment variables are read now, once. */
export function compileTemplate(text: string, sources: TemplateSources): Template {
  const parts = parseTemplate(text).map((part) => compilePart(part, sources))
  const [only] = parts
  if (parts.length === 0) return () => ''
  if (parts.length === 1 && only) return only
  return (context) => {
    let value = ''
    for (const part of parts) {
      const text = part(context)
      if (text === null) return null
      value += text
    }
    return value
  }
}

/** Compiles one part of a value. */
export function compilePart(part: TemplatePart, sources: TemplateSources): Template {
  switch (part.type) {
    case 'text':
      return () => part.text
    case 'env': {
      const value = sources.env[part.name] ?? part.standard ?? ''
      return () => value
    }
    case 'secret':
      return (context) => readSecret(part.name, context, sources)
    case 'credential':
      return (context) => context.credential?.value ?? ''
    case 'capture':
      return (context) => context.captures[part.name]?.text ?? ''
    case 'request-header':
      return (context) => context.header(part.name) ?? ''
    case 'request-id':
      return (context) => context.request.id
    case 'client-ip':
      return (context) => context.clientIp
    case 'client-name':
      return (context) => context.clientName ?? ''
  }
}

function readSecret(
  name: string,
  context: RequestContext,
  sources: TemplateSources,
): string | null {
  const value = sources.readSecret(name)
  if (value === null) context.missingSecret = name
  else context.secrets.push({ name, value })
  return value
}
