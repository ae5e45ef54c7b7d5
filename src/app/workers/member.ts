import type { Cluster, Worker } from 'node:cluster'
import type { LimitStore } from '../../limits/limit-store.ts'
import { isAboutNotes, type NoteQuestion } from './audit-messages.ts'
import { isAboutLimit, type LimitQuestion } from './limit-messages.ts'
import type {
  Answer,
  Answers,
  Command,
  WorkerEvent,
  WorkerFinding,
  WorkerListener,
  WorkerReady,
} from './messages.ts'
import { PRIMARY_VARIABLE } from './messages.ts'
import { type CommandOf, Questions } from './questions.ts'
import { WorkerLimits } from './shared-limits.ts'

/** One worker process. */
export interface Member {
  readonly pid: number
  readonly hasEnded: boolean
  /** Generation that it serves; 0: none yet. */
  generation: number
  /** Resolves to the answer; rejects where it fails, ends first, or does not answer in time (0: no limit). */
  ask<Name extends Command['name']>(
    command: CommandOf<Name>,
    timeoutMs?: number,
  ): Promise<Answers[Name]>
  kill(): void
  /** Resolves when the process has ended: to its exit code, or the signal's name. */
  readonly ended: Promise<number | NodeJS.Signals>
}

/** A draining worker hands what comes just then back, to a primary that has no other: by then it is closed, so that no client waits for the drain. */
const UNDELIVERED_MS = 1_000

type WorkerMessage =
  | Answer
  | LimitQuestion
  | NoteQuestion
  | WorkerEvent
  | WorkerFinding
  | WorkerReady

/** Starts a worker process: this program with the same arguments. */
export function startMember(listener: WorkerListener): Member {
  const cluster = process.getBuiltinModule('node:cluster') as unknown as Cluster
  // Connections in turn, whatever the environment says: what shares a socket by itself shares it unevenly.
  cluster.schedulingPolicy = cluster.SCHED_RR
  const worker = cluster.fork({ [PRIMARY_VARIABLE]: String(process.pid) })
  const closeUndelivered = followDeals(worker)
  const questions = new Questions((question) => void worker.send(question, () => undefined))
  let hasEnded = false
  const limits = new WorkerLimits(openLimitStore)
  worker.on('message', (message: WorkerMessage) => {
    if (isAboutLimit(message)) void answerWorker(worker, limits, message as LimitQuestion)
    else if (isAboutNotes(message)) void answerNote(worker, listener, message as NoteQuestion)
    else if ('isReady' in message) questions.onReady()
    else if ('event' in message) listener.onEvent(message.event)
    else if ('about' in message) tellFinding(listener, message)
    else questions.settle(message)
  })
  // Sending to a process that has just ended is no fault: its end is told by itself.
  worker.on('error', () => undefined)
  const ended = endOf(worker).then((reason) => {
    hasEnded = true
    closeUndelivered()
    void limits.end()
    questions.end()
    return reason
  })
  return {
    pid: worker.process.pid ?? 0,
    get hasEnded() {
      return hasEnded
    },
    generation: 0,
    ask(command, timeoutMs = 0) {
      if (command.name === 'drain') setTimeout(closeUndelivered, UNDELIVERED_MS).unref()
      return questions.ask(command, timeoutMs)
    },
    kill: () => void worker.process.kill('SIGKILL'),
    ended,
  }
}

function tellFinding({ secrets }: WorkerListener, { about, name, reason }: WorkerFinding): void {
  if (about === 'secret') secrets.onSecret(name, reason)
  else secrets.onClient(name, reason)
}

let limitStore: Promise<LimitStore> | null = null

/** The one store in which this process counts for its workers. */
function openLimitStore(): Promise<LimitStore> {
  limitStore ??= import('../../limits/memory-store.ts').then((room) => room.createMemoryStore())
  return limitStore
}

async function answerWorker(
  worker: Worker,
  limits: WorkerLimits,
  { limitId, request }: LimitQuestion,
): Promise<void> {
  const answer = await limits.answer(request)
  if (worker.isConnected()) worker.send({ limitId, answer }, () => undefined)
}

async function answerNote(
  worker: Worker,
  { note }: WorkerListener,
  { noteId, lines }: NoteQuestion,
): Promise<void> {
  const isNoted = await note(lines)
  if (worker.isConnected()) worker.send({ noteId, isNoted }, () => undefined)
}

/**
 * Gives what closes the connection that was dealt to a worker last, unless it has it. Node's own
 * primary keeps a connection open until its worker says that it has come, and where the worker ends
 * before that, for ever: its client would wait for ever too. Closing twice does nothing.
 */
function followDeals({ process: child }: Worker): () => void {
  let last: { readonly close: () => void } | null = null
  const send = child.send.bind(child) as (...args: unknown[]) => boolean
  child.send = (...args: unknown[]): boolean => {
    const [message, handle] = args
    if (isDeal(message)) last = handle as { readonly close: () => void }
    return send(...args)
  }
  return () => last?.close()
}

function isDeal(message: unknown): boolean {
  return (
    typeof message === 'object' && message !== null && 'act' in message && message.act === 'newconn'
  )
}

function endOf(worker: Worker): Promise<number | NodeJS.Signals> {
  return new Promise((resolve) => {
    worker.once('exit', (code: number | null, signal: NodeJS.Signals) => resolve(code ?? signal))
  })
}
