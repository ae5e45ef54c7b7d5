/** What a `${…}` in a value stands for, or literal text. */
export type TemplatePart =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'secret' | 'capture' | 'request-header'
      readonly name: string
      /** Where its `${` stands in the text. */
      readonly offset: number
    }
  | {
      readonly type: 'env'
      readonly name: string
      /** What stands for it where it is not set, as in `${env.NAME:-default}`. */
      readonly standard?: string
      readonly offset: number
    }
  | {
      readonly type: 'credential' | 'request-id' | 'client-ip' | 'client-name'
      readonly offset: number
    }

/** Says what is wrong with a template, and where in its text. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
  readonly reason: string
  readonly offset: number
  /** The unknown name as written, for did-you-mean; empty where the fault is another. */
  readonly written: string

  constructor(reason: string, offset: number, written: string) {
    super(reason)
    this.reason = reason
    this.offset = offset
    this.written = written
  }
}

/** All that may stand between the braces; NAME stands for a name. */
export const TEMPLATE_FORMS: readonly string[] = [
  'secret.NAME',
  'env.NAME',
  'capture.NAME',
  'request.header.NAME',
  'request.id',
  'client.ip',
  'client.name',
  'credential',
]

/** Reads `${…}` references out of a value; `$$` is a dollar sign. Throws TemplateError. */
export function parseTemplate(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = []
  let literal = ''
  let at = 0
  while (at < text.length) {
    const dollar = text.indexOf('$', at)
    if (dollar < 0) break
    literal += text.slice(at, dollar)
    if (text[dollar + 1] !== '{') {
      literal += '$'
      at = dollar + (text[dollar + 1] === '$' ? 2 : 1)
      continue
    }
    const end = text.indexOf('}', dollar)
    if (end < 0) throw new TemplateError('"${" is never closed', dollar, '')
    if (literal) parts.push({ type: 'text', text: literal })
    literal = ''
    parts.push(parseReference(text.slice(dollar + 2, end).trim(), dollar))
    at = end + 1
  }
  literal += text.slice(at)
  if (literal) parts.push({ type: 'text', text: literal })
  return parts
}

function parseReference(written: string, offset: number): TemplatePart {
  switch (written) {
    case 'credential':
      return { type: 'credential', offset }
    case 'request.id':
      return { type: 'request-id', offset }
    case 'client.ip':
      return { type: 'client-ip', offset }
    case 'client.name':
      return { type: 'client-name', offset }
  }
  const [, variable, standard] = /^env\.([A-Za-z0-9_.-]+?)(?::-(.*))?$/s.exec(written) ?? []
  if (variable !== undefined)
    return { type: 'env', name: variable, offset, ...(standard !== undefined && { standard }) }
  const named = /^(secret|capture|request\.header)\.([A-Za-z0-9_.-]+)$/.exec(written)
  if (!named) throw new TemplateError(`unknown reference "\${${written}}"`, offset, written)
  const [, type, name = ''] = named
  if (type === 'request.header') return { type: 'request-header', name: name.toLowerCase(), offset }
  return { type: type as 'secret' | 'capture', name, offset }
}
