import type { TimedEvent } from '../../admin/event-feed.ts'
import type { NormalAddress } from '../../config/shapes/normal-config.ts'
import type { SecretListener } from '../../credentials/secrets/tell.ts'
import { createFingerprint } from '../../credentials/show/fingerprint.ts'
import type { LimitStore } from '../../limits/limit-store.ts'
import type { Logger } from '../../observability/logger.ts'
import type { Telemetry } from '../../observability/telemetry/start-telemetry.ts'
import { inTurn } from '../../reload/in-turn.ts'
import type { Snapshot } from '../../routing/snapshot.ts'
import { readStatus } from '../admin/process-status.ts'
import { createNotary, type LiveAudit } from '../audit.ts'
import { createLiveProxy, type LiveProxy, type LiveProxyOptions } from '../create-proxy.ts'
import { type LiveConfig, openConfig } from '../open-config.ts'
import { openTelemetry } from '../telemetry.ts'
import { createSharedAudit, isAboutNotes, type NoteAnswer } from './audit-messages.ts'
import { isAboutLimit, type LimitAnswer } from './limit-messages.ts'
import type {
  Answer,
  Command,
  Question,
  WorkerFailure,
  WorkerFinding,
  WorkerReady,
} from './messages.ts'
import { createSharedLimits } from './shared-limits.ts'

/** What runWorker serves. */
export interface WorkerOptions {
  readonly config: string
  readonly shadow?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Logger
}

const HEARD_BY_PRIMARY = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP', 'SIGUSR2'] as const

/** Does what the primary asks, until it has drained. */
export function runWorker(options: WorkerOptions): Promise<void> {
  // The primary hears signals, and tells its workers what they mean.
  for (const signal of HEARD_BY_PRIMARY) process.on(signal, () => undefined)
  const limits = createSharedLimits((question) =>
    process.send?.(question, undefined, undefined, () => undefined),
  )
  const audit = createSharedAudit((question) =>
    process.send?.(question, undefined, undefined, () => undefined),
  )
  const service = createService(options, { limitStore: limits.store, note: audit.note })
  return new Promise((resolve) => {
    process.on('message', (message: Question | LimitAnswer | NoteAnswer) => {
      if (isAboutNotes(message)) {
        audit.onAnswer(message as NoteAnswer)
        return
      }
      if (isAboutLimit(message)) {
        limits.onAnswer(message as LimitAnswer)
        return
      }
      const { id, command } = message
      service.perform(command).then(
        (value) => {
          reply({ id, value, failure: null })
          if (command.name === 'drain') resolve()
        },
        (error: unknown) => reply({ id, value: null, failure: describeFailure(error) }),
      )
    })
    tellReady()
  })
}

function reply(answer: Answer): void {
  process.send?.(answer, undefined, undefined, () => undefined)
}

function tellReady(): void {
  const ready: WorkerReady = { isReady: true }
  process.send?.(ready, undefined, undefined, () => undefined)
}

function tellEvent(event: TimedEvent): void {
  process.send?.({ event }, undefined, undefined, () => undefined)
}

/** Each worker reads secrets by itself: the log says once for all what can't be used. */
const TELLS_PRIMARY: SecretListener = {
  onSecret: (name, reason) => tellFinding({ about: 'secret', name, reason }),
  onClient: (name, reason) => tellFinding({ about: 'client', name, reason }),
}

function tellFinding(finding: WorkerFinding): void {
  process.send?.(finding, undefined, undefined, () => undefined)
}

function describeFailure(error: unknown): WorkerFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return { code, message: error instanceof Error ? error.message : 'unknown' }
}

interface Service {
  readonly perform: (command: Command) => Promise<unknown>
}

type Start = Extract<Command, { readonly name: 'start' }>

/** What the primary keeps for all workers. */
interface SharedParts {
  readonly limitStore: LimitStore
  readonly note: LiveAudit['note']
}

function openProxy(
  { workers, fingerprintKey }: Start,
  parts: Pick<LiveProxyOptions, 'live' | 'log' | 'tracing'>,
  { limitStore, note }: SharedParts,
): LiveProxy {
  const fingerprint = createFingerprint(Buffer.from(fingerprintKey, 'hex'))
  const notary = createNotary(parts.live.store, fingerprint, note)
  return createLiveProxy({ ...parts, processes: workers, limitStore, notary })
}

function createService(options: WorkerOptions, shared: SharedParts): Service {
  let live: LiveConfig | null = null
  let proxy: LiveProxy | null = null
  let staged: Snapshot | null = null
  let telemetry: Telemetry | null = null
  let stops: readonly (() => void)[] = []

  async function start(command: Start): Promise<NormalAddress> {
    live = await openConfig({ ...options, first: command.first, secretListener: TELLS_PRIMARY })
    const { env, log } = options
    telemetry = await openTelemetry({ env, live, log })
    const tracing = telemetry?.tracing ?? null
    proxy = openProxy(command, { live, log, tracing }, shared)
    live.observer?.feed.follow(tellEvent)
    const address = await proxy.listen()
    stops = [proxy.watch(), live.watchShadow()]
    return address
  }

  async function change(command: Command): Promise<unknown> {
    switch (command.name) {
      case 'start':
        return start(command)
      case 'stage': {
        const { text, generation } = command.next
        staged = (await live?.compile(text, generation))?.snapshot ?? null
        if (staged === null) throw new Error('the text does not compile here')
        return null
      }
      case 'commit':
        if (staged?.generation !== command.generation) throw new Error('nothing is staged')
        live?.store.swap(staged)
        staged = null
        return null
      default:
        throw new Error(`${command.name} is no change`)
    }
  }

  const changeInTurn = inTurn(change)
  return {
    async perform(command) {
      switch (command.name) {
        case 'metrics':
          return (await live?.metrics?.read()) ?? []
        case 'status':
          return live && proxy && readStatus(live, proxy)
        case 'drain':
          for (const stop of stops) stop()
          await proxy?.drain(command.drainMs)
          await telemetry?.close()
          return null
        default:
          return changeInTurn(command)
      }
    },
  }
}
