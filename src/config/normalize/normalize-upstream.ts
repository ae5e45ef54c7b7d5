import { parseDuration, parseSize } from '../language/units.ts'
import type { NamedPart, UpstreamObject } from '../schema/model.ts'
import type { Catalogue, Provider } from '../shapes/catalogue.ts'
import type { Balance, Eject, Health, Retry, UpstreamLimits } from '../shapes/config.generated.ts'
import type { NormalKind } from '../shapes/normal-config.ts'
import type {
  FailureName,
  NormalBalance,
  NormalEject,
  NormalHealth,
  NormalRetry,
  NormalTarget,
  NormalUpstream,
  UpstreamLimitsMs,
} from '../shapes/normal-upstream.ts'

/** What retries an upstream allows unless the file says otherwise: those before which no byte was sent. */
export const DEFAULT_RETRY: NormalRetry = {
  attempts: 1,
  on: ['connect'],
  methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'],
  budget: 0.2,
  backoffMs: 100,
  maxBackoffMs: 5000,
  bufferBytes: 4 * 1024 * 1024,
}

/** Failures for which a fallback is asked unless the file says otherwise. */
export const DEFAULT_FALLBACK_ON: readonly FailureName[] = ['connect', 'timeout', '5xx', 429]

/** Fills in an upstream's defaults, those of its provider among them. */
export function normalizeUpstream(
  { name, value }: NamedPart<UpstreamObject>,
  kinds: readonly NormalKind[],
  catalogue: Catalogue,
): NormalUpstream {
  const provider = catalogue.providers.find((known) => known.name === value.provider)
  const targets = normalizeTargets(value, provider)
  return {
    name,
    url: targets[0]?.url ?? '',
    targets,
    balance: normalizeBalance(value.balance ?? 'round-robin'),
    health: value.health ? normalizeHealth(value.health) : null,
    eject: normalizeEject(value.eject ?? (targets.length > 1 ? {} : 'off')),
    retry: { ...DEFAULT_RETRY, ...normalizeRetry(value.retry ?? {}) },
    http2: value.http2 ?? false,
    socket: value.socket ?? null,
    proxy: value.proxy ?? null,
    provider: provider?.name ?? null,
    forwarded: value.forwarded ?? provider === undefined,
    brought: provider?.brought ?? null,
    accepts: value.accepts ?? (provider ? providerAccepts(provider, kinds, catalogue) : null),
    only: value.accepts ? [] : (provider?.only ?? []),
    errors: value.errors ?? provider?.errors ?? null,
    tls: normalizeTls(value.tls ?? {}),
    limits: normalizeLimits(value.limits ?? {}),
  }
}

function normalizeTargets(
  { url, targets }: UpstreamObject,
  provider: Provider | undefined,
): readonly NormalTarget[] {
  return (targets ?? [url ?? provider?.url ?? '']).map((target) =>
    typeof target === 'string'
      ? { url: target, weight: 1 }
      : { url: target.url, weight: target.weight ?? 1 },
  )
}

/** What a provider accepts, with the kinds that the file itself says it issues. */
function providerAccepts(
  provider: Provider,
  kinds: readonly NormalKind[],
  catalogue: Catalogue,
): readonly string[] {
  const own = kinds.filter((kind) => kind.provider === provider.name).map(({ name }) => name)
  const known = [...kinds, ...catalogue.kinds]
  return [...new Set([...provider.accepts, ...own])].filter((name) => isForInference(name, known))
}

/** Whether a kind travels where no `accepts` names it; the first of the known that says so decides. */
function isForInference(name: string, known: readonly NormalKind[]): boolean {
  const kind = known.find((kind) => kind.name === name && kind.forward !== undefined)
  return (kind?.forward ?? 'inference') === 'inference'
}

function normalizeBalance(balance: Balance): NormalBalance {
  const by = typeof balance === 'string' ? balance : balance.hash
  const [word, name] = by.split(' ')
  if (word === 'header' && name !== undefined) return { by: 'header', name: name.toLowerCase() }
  return { by: word as Exclude<NormalBalance['by'], 'header'> }
}

function normalizeHealth(health: Health): NormalHealth {
  return {
    path: health.path,
    intervalMs: parseDuration(health.interval ?? '10s'),
    timeoutMs: parseDuration(health.timeout ?? '2s'),
    healthy: health.healthy ?? 2,
    unhealthy: health.unhealthy ?? 3,
    statuses: health.status ?? [200],
  }
}

function normalizeEject(eject: Eject): NormalEject | null {
  if (typeof eject === 'string') return null
  return {
    failures: eject.failures ?? 5,
    forMs: parseDuration(eject.for ?? '30s'),
    recoverMs: parseDuration(eject.recover ?? '10s'),
  }
}

/** The keys of a `retry` that are there, in numbers. */
export function normalizeRetry(retry: Retry): Partial<NormalRetry> {
  const { attempts, on, methods, budget, backoff, maxBackoff, buffer } = retry
  return {
    ...(attempts === undefined ? {} : { attempts }),
    ...(on === undefined ? {} : { on: on as FailureName[] }),
    ...(methods === undefined ? {} : { methods }),
    ...(budget === undefined ? {} : { budget: Number.parseFloat(budget) / 100 }),
    ...(backoff === undefined ? {} : { backoffMs: parseDuration(backoff) }),
    ...(maxBackoff === undefined ? {} : { maxBackoffMs: parseDuration(maxBackoff) }),
    ...(buffer === undefined ? {} : { bufferBytes: parseSize(buffer) }),
  }
}

function normalizeTls(tls: NonNullable<UpstreamObject['tls']>): NormalUpstream['tls'] {
  return {
    ca: tls.ca ?? null,
    cert: tls.cert ?? null,
    key: tls.key ?? null,
    servername: tls.servername ?? null,
    insecure: tls.insecure ?? false,
  }
}

/** Fills in default limits; no total limit unless the file sets one. */
function normalizeLimits(limits: UpstreamLimits): UpstreamLimitsMs {
  return {
    connectMs: parseDuration(limits.connect ?? '5s'),
    responseHeadersMs: parseDuration(limits.responseHeaders ?? '600s'),
    idleMs: parseDuration(limits.idle ?? '5m'),
    totalMs: parseDuration(limits.total ?? '0s'),
    connections: limits.connections ?? 1024,
    queue: limits.queue ?? 1024,
    keepAliveMs: parseDuration(limits.keepAlive ?? '4s'),
    connectionAgeMs: parseDuration(limits.connectionAge ?? '5m'),
  }
}
