import type { ExplainedRoute, ExplainedRule } from '../../src/routing/decide/explain/explain.ts'
import { post } from './answers.ts'

type Pair = readonly [name: string, value: string]

/** What /explain answers: credentials by kind and fingerprint alone. */
export interface Explained {
  readonly credential: {
    readonly kind: string
    readonly scheme: string | null
    readonly source: string
    readonly fingerprint: string
  } | null
  readonly route: string | null
  readonly rules: readonly ExplainedRule[]
  readonly otherRoutes: readonly ExplainedRoute[]
  readonly decision:
    | {
        readonly action: 'forward'
        readonly rule: string | null
        readonly upstream: { readonly name: string; readonly url: string }
        readonly path: string
        readonly headers: readonly Pair[]
      }
    | {
        readonly action: 'reject'
        readonly rule: string | null
        readonly status: number
        readonly code: string
        readonly message: string
      }
}

/** A request as it is written into the form. */
export interface WrittenRequest {
  readonly method: string
  readonly path: string
  /** One a line, as `name: value`. */
  readonly headers: string
}

/** Has a request explained by what runs; nothing is sent. */
export async function askToExplain(
  written: WrittenRequest,
): Promise<Explained | { readonly error: string }> {
  const { method, path } = written
  const headers: Pair[] = []
  for (const line of written.headers.split('\n').filter((one) => one.trim() !== '')) {
    const [, name, value] = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/.exec(line) ?? []
    if (name === undefined || value === undefined)
      return { error: `"${line.trim()}" is no "name: value"` }
    headers.push([name, value])
  }
  const answer = await post('explain', JSON.stringify({ method, path, headers }))
  return answer as Explained | { error: string }
}
