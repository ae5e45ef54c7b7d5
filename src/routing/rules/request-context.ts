import type { Credential } from '../../credentials/credential.ts'
import { readNames } from '../../http/fields/field-names.ts'
import type { ValueOrigin } from '../../http/target/encode-target.ts'
import { canonicalPath, queryValue, splitTarget } from '../../http/target/request-target.ts'
import { HiddenValues } from './hidden-values.ts'
import type { RequestView } from './request-view.ts'

/** A secret's name and the value that it had for one request. */
export interface UsedSecret {
  readonly name: string
  readonly value: string
}

/** A client that showed its token. */
export interface KnownClient {
  readonly name: string
  /** Whether metrics may count by the name. */
  readonly isCounted: boolean
}

/** What a pattern caught. */
export interface Capture {
  readonly text: string
  /** `whole`: text of the request's path that stays as it is, slashes included. */
  readonly origin: ValueOrigin | 'whole'
}

type Captures = Readonly<Record<string, Capture>>

const NO_CAPTURES: Captures = Object.freeze({})
const NONE: readonly string[] = []

/** One request while it is decided: the view, what was worked out of it once, and what matched. */
export class RequestContext {
  request: RequestView
  /** Names of `request.headers`, in lower case, one for each field. */
  names: readonly string[]
  readonly path: string
  query: string | null
  /** The path that routes are matched against: unreserved characters decoded. */
  readonly canonicalPath: string
  credential: Credential | null = null
  /** Credentials that stand where the file lets one go along. */
  beside: readonly Credential[] = []
  client: KnownClient | null = null
  /** The token that the client showed: it must not leave. Never to be shown. */
  clientToken: string | null = null
  clientIp: string
  /** Whether the peer is one whose forwarding fields are believed. */
  isPeerTrusted = false
  /** Which side of the rule that decided was taken; null: no rule decided. */
  branch: 'then' | 'else' | null = null
  /** Path parameters and named groups of the patterns that held. */
  captures: Captures = NO_CAPTURES
  /** The secrets that were read, in order. */
  readonly secrets: UsedSecret[] = []
  /** A secret that could not be read. */
  missingSecret: string | null = null
  #host: string | undefined

  constructor(request: RequestView) {
    const { path, query } = splitTarget(request.target)
    this.request = request
    this.path = path
    this.query = query
    this.canonicalPath = canonicalPath(path)
    this.clientIp = request.peerIp
    this.names = readNames(request.headers).lower
  }

  /** Goes on with another view of the same request, on the same path: one without its client's token. */
  goOnWith(request: RequestView): void {
    if (request.target !== this.request.target) this.query = splitTarget(request.target).query
    this.request = request
    this.names = readNames(request.headers).lower
  }

  /** Values of the request that must not be shown. */
  get hidden(): HiddenValues {
    const own = ownValues(this.credential, this.clientToken)
    const { beside } = this
    return new HiddenValues(
      beside.length === 0 ? own : [...beside.map(({ value }) => value), ...own],
    )
  }

  get clientName(): string | undefined {
    return this.client?.name
  }

  /** The host the client asked for, in lower case, without port; empty where it named none. */
  get host(): string {
    this.#host ??= hostWithoutPort(this.header('host') ?? '')
    return this.#host
  }

  /** A field's value; repeated fields are joined (RFC 9110 §5.2). `name` is in lower case. */
  header(name: string): string | undefined {
    let value: string | undefined
    for (let i = 0; i < this.names.length; i++) {
      if (this.names[i] !== name) continue
      const next = this.request.headers[2 * i + 1] as string
      value = value === undefined ? next : `${value}, ${next}`
    }
    return value
  }

  /** A query parameter's value, decoded. */
  queryValue(name: string): string | undefined {
    return queryValue(this.query, name)
  }

  /** The secret that was read last, so that a pool can be told what became of its key. */
  get secret(): UsedSecret | null {
    return this.secrets.at(-1) ?? null
  }

  /** Whether a text is the value of a secret that this request was given. */
  isSecret(text: string): boolean {
    return this.secrets.some(({ value }) => value === text)
  }

  /** The same request before anything was decided, with this target in place of its own. */
  again(target: string = this.request.target): RequestContext {
    const { request } = this
    const context = new RequestContext(target === request.target ? request : { ...request, target })
    context.isPeerTrusted = this.isPeerTrusted
    context.clientIp = this.clientIp
    context.client = this.client
    context.clientToken = this.clientToken
    return context
  }

  /** Adds what a pattern caught to the captures. */
  addCaptures(caught: Readonly<Record<string, string>>, origin: Capture['origin']): void {
    const captures: Record<string, Capture> = { ...this.captures }
    for (const name of Object.keys(caught))
      captures[name] = { text: caught[name] as string, origin }
    this.captures = captures
  }
}

function ownValues(credential: Credential | null, clientToken: string | null): readonly string[] {
  if (credential === null) return clientToken === null ? NONE : [clientToken]
  return clientToken === null ? [credential.value] : [credential.value, clientToken]
}

function hostWithoutPort(host: string): string {
  const bare = host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : host.split(':', 1)[0]
  return (bare ?? '').toLowerCase().replace(/\.$/, '')
}
