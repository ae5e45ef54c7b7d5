import type { Rewrite as Written } from '../../config/shapes/config.generated.ts'
import {
  appendEncoded,
  canonicalPath,
  encodeBeyondAscii,
  removeQuery,
} from '../../http/target/request-target.ts'
import type { RequestContext } from './request-context.ts'
import { compilePathTemplate, compileQueryTemplate } from './target-template.ts'
import type { Template, TemplateSources } from './template.ts'

/** Path and query on their way to the upstream. */
export interface Target {
  readonly path: string
  /** Without its `?`; null: none. */
  readonly query: string | null
}

/** Works out the target that leaves; null where a value can't be had or written. */
export type Rewrite = (target: Target, context: RequestContext) => Target | null

/** A rewrite as it is written, or with so many segments to strip, whatever they are. */
export type WrittenRewrite = Omit<Written, 'strip'> & { readonly strip?: string | number }

/** Compiles a rewrite; what it does not name stays byte for byte. */
export function compileRewrite(written: WrittenRewrite, sources: TemplateSources): Rewrite {
  const steps: Rewrite[] = []
  if (typeof written.strip === 'number') steps.push(stripSegments(written.strip))
  else if (written.strip !== undefined) steps.push(stripPrefix(written.strip))
  if (written.path !== undefined) steps.push(writePath(written.path, sources))
  if (written.prefix !== undefined) steps.push(addPrefix(written.prefix))
  if (written.query !== undefined) steps.push(writeQuery(written.query, sources))
  const [only] = steps
  if (only !== undefined && steps.length === 1) return only
  return (target, context) => {
    let rewritten: Target | null = target
    for (const step of steps) {
      rewritten = step(rewritten, context)
      if (rewritten === null) return null
    }
    return rewritten
  }
}

/** Segments are counted, not characters: an encoded letter in the prefix must not shift the cut. */
function stripPrefix(prefix: string): Rewrite {
  const bare = canonicalPath(encodeBeyondAscii(prefix.replace(/\/+$/, '')))
  const strip = stripSegments(bare.split('/').length - 1)
  return (target, context) => {
    const path = canonicalPath(target.path)
    if (!path.startsWith(bare)) return target
    if (path.length > bare.length && path.charCodeAt(bare.length) !== 47) return target
    return strip(target, context)
  }
}

function stripSegments(count: number): Rewrite {
  return ({ path, query }) => {
    const cut = indexOfSlash(path, count + 1)
    return { path: cut < 0 ? '/' : path.slice(cut), query }
  }
}

function indexOfSlash(path: string, nth: number): number {
  let at = -1
  for (let i = 0; i < nth; i++) {
    at = path.indexOf('/', at + 1)
    if (at < 0) return -1
  }
  return at
}

function addPrefix(prefix: string): Rewrite {
  const bare = encodeBeyondAscii(prefix.replace(/\/+$/, ''))
  return ({ path, query }) => ({ path: bare + path, query })
}

/** `:name` and `${…}` are filled in; `*` stands for what the route's own `/*` took. */
function writePath(written: string, sources: TemplateSources): Rewrite {
  const template = compilePathTemplate(parametersAsCaptures(encodeBeyondAscii(written)), sources)
  return ({ query }, context) => {
    const path = template(context)
    return path === null || /[\0-\x20\x7f#?]/.test(path) ? null : { path, query }
  }
}

function parametersAsCaptures(path: string): string {
  return path
    .replaceAll(/\/:([A-Za-z_][A-Za-z0-9_]*)/g, '/${capture.$1}')
    .replace(/\*$/, '${capture.rest}')
}

function writeQuery(written: NonNullable<Written['query']>, sources: TemplateSources): Rewrite {
  const set: [string, Template][] = Object.entries(written.set ?? {}).map(([name, value]) => [
    name,
    compileQueryTemplate(value, sources),
  ])
  const cleared = new Set([...(written.remove ?? []), ...set.map(([name]) => name)])
  return ({ path, query }, context) => {
    let rewritten = removeQuery(query, cleared)
    for (const [name, template] of set) {
      const value = template(context)
      if (value === null) return null
      rewritten = appendEncoded(rewritten, name, value)
    }
    return { path, query: rewritten }
  }
}
