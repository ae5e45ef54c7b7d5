import { answerOf } from '../answers/answers.ts'
import type { NormalLimit } from '../config/shapes/normal-limit.ts'
import { describeError, type Logger } from '../observability/logger.ts'
import type { Admission, Admit, Permit, Refusal } from '../routing/admission.ts'
import type { Charge } from '../routing/rules/charges.ts'
import {
  type ConcurrencyLimit,
  type LimitStore,
  LimitStoreError,
  type RateLimit,
} from './limit-store.ts'

/** What createAdmission builds from. */
export interface AdmissionOptions {
  readonly store: LimitStore
  /** Whether requests pass uncounted while the store can't be asked. */
  readonly isOpenWhenAway: boolean
  readonly log: Logger
  /** Hears of each limit that let a request pass. */
  readonly onAllowed?: ((limit: string) => void) | undefined
  /** Hears of each request that a limit refused. */
  readonly onRefused?: ((limit: string) => void) | undefined
  /** Hears of each request that came while the store could not be asked. */
  readonly onUncounted?: ((outcome: 'passed' | 'refused') => void) | undefined
  /** Hears when the store goes away, and when it is back. */
  readonly onStore?: (state: 'away' | 'back') => void
}

const FREE: Permit = { isAdmitted: true, release: () => {} }

/** How long a client is told to wait for a place, which nobody knows. */
const PLACE_MS = 1_000

/** Creates what counts requests; a request that one limit refuses counts towards no other. */
export function createAdmission(options: AdmissionOptions): Admit {
  const { isOpenWhenAway } = options
  const watch = watchStore(options)
  return async (charges) => {
    try {
      const admission = await admitAll(options, charges)
      watch('back', null)
      return admission
    } catch (error) {
      watch('away', error)
      options.onUncounted?.(isOpenWhenAway ? 'passed' : 'refused')
      return isOpenWhenAway ? FREE : { isAdmitted: false, answer: answerOf('limits_unavailable') }
    }
  }
}

async function admitAll(options: AdmissionOptions, charges: readonly Charge[]): Promise<Admission> {
  const undo: (() => Promise<void>)[] = []
  const leave: (() => Promise<void>)[] = []
  for (const charge of charges) {
    const refusal = await take(options.store, charge, { undo, leave })
    if (refusal === null) continue
    await Promise.all([...undo, ...leave].map((step) => step()))
    options.onRefused?.(charge.limit.name)
    return refusal
  }
  for (const { limit } of charges) options.onAllowed?.(limit.name)
  return leave.length === 0
    ? FREE
    : { isAdmitted: true, release: () => void Promise.allSettled(leave.map((step) => step())) }
}

interface Steps {
  /** What takes back a request that was not carried out. */
  readonly undo: (() => Promise<void>)[]
  /** What is to be done when it is over. */
  readonly leave: (() => Promise<void>)[]
}

async function take(
  store: LimitStore,
  { limit, key }: Charge,
  steps: Steps,
): Promise<Refusal | null> {
  if (isConcurrencyLimit(limit)) {
    const lease = await store.enter(limit, key)
    if (lease === null) return refuse(limit, 'too_many_at_once', PLACE_MS)
    steps.leave.push(() => store.leave(limit, key, lease))
  }
  if (isRateLimit(limit)) {
    const { isOver, resetMs } = await store.count(limit, key)
    if (isOver) return refuse(limit, 'rate_limited', resetMs)
    steps.undo.push(() => store.uncount(limit, key))
  }
  return null
}

function isRateLimit(limit: NormalLimit): limit is RateLimit {
  return limit.requests !== null
}

function isConcurrencyLimit(limit: NormalLimit): limit is ConcurrencyLimit {
  return limit.atOnce !== null
}

/** 429 with the fields of draft-ietf-httpapi-ratelimit-headers-10 and Retry-After (RFC 9110 §10.2.3). */
function refuse(
  { name, requests, atOnce }: NormalLimit,
  code: 'rate_limited' | 'too_many_at_once',
  waitMs: number,
): Refusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  const policy =
    code === 'rate_limited' && requests !== null
      ? `q=${requests.count};w=${Math.max(1, Math.ceil(requests.windowMs / 1000))}`
      : `q=${atOnce};qu="concurrent-requests"`
  const fields = [
    'ratelimit-policy',
    `"${name}";${policy}`,
    'ratelimit',
    `"${name}";r=0;t=${seconds}`,
  ]
  return {
    isAdmitted: false,
    answer: { ...answerOf(code), retryAfterSeconds: seconds, fields },
  }
}

function describeFault(error: unknown) {
  return error instanceof LimitStoreError
    ? { store: error.store, code: error.code }
    : { error: describeError(error) }
}

function watchStore({ log, isOpenWhenAway, onStore }: AdmissionOptions) {
  let isAway = false
  return (state: 'away' | 'back', error: unknown): void => {
    if (isAway === (state === 'away')) return
    isAway = state === 'away'
    onStore?.(state)
    if (isAway)
      log.warn(
        { ...describeFault(error), requests: isOpenWhenAway ? 'pass' : 'refused' },
        'limit store is away',
      )
    else log.info({}, 'limit store is back')
  }
}
