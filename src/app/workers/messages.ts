import type { TimedEvent } from '../../admin/event-feed.ts'
import type { ProcessStatus } from '../../admin/process-status.ts'
import type { NormalAddress } from '../../config/shapes/normal-config.ts'
import type { SecretListener } from '../../credentials/secrets/tell.ts'
import type { MetricObject } from '../../observability/metrics/exposition.ts'
import type { LiveAudit } from '../audit.ts'
import type { FirstText } from '../open-config.ts'

/** What the primary asks of a worker. */
export type Command =
  /** Listen, and serve by this text. */
  | {
      readonly name: 'start'
      readonly first: FirstText
      readonly workers: number
      /** In hex: of what tells secrets apart in the trail. */
      readonly fingerprintKey: string
    }
  /** Compile this text and keep it ready. */
  | { readonly name: 'stage'; readonly next: FirstText }
  /** Make the staged text of this generation live. */
  | { readonly name: 'commit'; readonly generation: number }
  | { readonly name: 'metrics' }
  | { readonly name: 'status' }
  | { readonly name: 'drain'; readonly drainMs: number }

/** What the answer to each command holds. */
export interface Answers {
  readonly start: NormalAddress
  readonly stage: null
  readonly commit: null
  readonly metrics: MetricObject[]
  readonly status: ProcessStatus | null
  readonly drain: null
}

/** A command as it is sent. */
export interface Question {
  readonly id: number
  readonly command: Command
}

/** What went wrong in a worker: a code, and words without a secret. */
export interface WorkerFailure {
  readonly code: string
  readonly message: string
}

/** An answer as it is sent; `failure` is null where it went well. */
export interface Answer {
  readonly id: number
  readonly value: unknown
  readonly failure: WorkerFailure | null
}

/** A worker hears commands from now on: what came while it was still read from disk is lost to it. */
export interface WorkerReady {
  readonly isReady: true
}

/** Something that happened in a worker, told to whoever listens to the primary. */
export interface WorkerEvent {
  readonly event: TimedEvent
}

/** A secret or a client's file that a worker finds changed; the primary logs it once for all. */
export interface WorkerFinding {
  readonly about: 'secret' | 'client'
  readonly name: string
  readonly reason: string | null
}

/** Whoever listens to what workers tell unasked. */
export interface WorkerListener {
  readonly onEvent: (event: TimedEvent) => void
  readonly secrets: SecretListener
  /** Writes what they note of secrets. */
  readonly note: LiveAudit['note']
}

/** Names the primary to the workers that it starts, so that nothing else makes a process a worker. */
export const PRIMARY_VARIABLE = 'KEYWAY_PRIMARY_PID'
