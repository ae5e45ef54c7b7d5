import { parseTemplate, type TemplatePart } from '../../config/language/template.ts'
import {
  encodeQueryValue,
  encodeSegment,
  type ValueOrigin,
} from '../../http/target/encode-target.ts'
import type { RequestContext } from './request-context.ts'
import { compilePart, type Template, type TemplateSources } from './template.ts'

/** Writes one part of a template into a target; null where a secret it needs can't be had. */
interface TargetPart {
  readonly write: Template
  /** Whether it must say something where it is a whole segment: nobody means `/tenants//data`. */
  readonly isNeeded: (context: RequestContext) => boolean
}

/**
 * Compiles a path with `${…}` references. The file's own text and environment stand as they are;
 * every value of a request is one segment or part of one. null where a segment would be empty.
 */
export function compilePathTemplate(text: string, sources: TemplateSources): Template {
  const parts = parseTemplate(text).map((part) => compilePathPart(part, sources))
  return (context) => {
    let path = ''
    let hasHole = false
    for (const { write, isNeeded } of parts) {
      const piece = write(context)
      if (piece === null) return null
      if (piece === '') {
        hasHole ||= path.endsWith('/') && isNeeded(context)
        continue
      }
      if (hasHole && piece.startsWith('/')) return null
      hasHole = false
      path += piece
    }
    return hasHole ? null : path
  }
}

/** Compiles the value of a query parameter, which is one value whatever its references stand for. */
export function compileQueryTemplate(text: string, sources: TemplateSources): Template {
  const parts = parseTemplate(text).map((part) => compileQueryPart(part, sources))
  return (context) => {
    let value = ''
    for (const part of parts) {
      const piece = part(context)
      if (piece === null) return null
      value += piece
    }
    return value
  }
}

function compilePathPart(part: TemplatePart, sources: TemplateSources): TargetPart {
  const value = compilePart(part, sources)
  if (part.type === 'text' || part.type === 'env') return { write: value, isNeeded: () => false }
  const isWhole = wholeTest(part)
  return {
    isNeeded: (context) => !isWhole(context),
    write: (context) => {
      const text = value(context)
      if (text === null || isWhole(context)) return text
      return encodeSegment(text, originOf(part, context))
    },
  }
}

/** Whether a part is a piece of the request's own path, which stays as it came. */
function wholeTest(part: TemplatePart): (context: RequestContext) => boolean {
  if (part.type !== 'capture') return () => false
  return ({ captures }) => captures[part.name]?.origin === 'whole'
}

function compileQueryPart(part: TemplatePart, sources: TemplateSources): Template {
  const value = compilePart(part, sources)
  return (context) => {
    const text = value(context)
    return text === null ? null : encodeQueryValue(text, originOf(part, context))
  }
}

function originOf(part: TemplatePart, { captures }: RequestContext): ValueOrigin {
  switch (part.type) {
    case 'text':
    case 'env':
      return 'text'
    case 'capture': {
      const origin = captures[part.name]?.origin ?? 'text'
      return origin === 'whole' ? 'path' : origin
    }
    default:
      return 'bytes'
  }
}
