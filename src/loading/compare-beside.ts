import { existsSync } from 'node:fs'
import { totalmem } from 'node:os'
import type { Worker } from 'node:worker_threads'
import type { LoadOptions } from '../config/load.ts'
import type { NormalConfig } from '../config/shapes/normal-config.ts'
import { loadCatalogue } from '../credentials/catalogue.ts'
import { type ChangeInShort, changeSteps } from '../proof/changes/change-in-short.ts'
import { inSlicesUntil } from '../routing/compile/steps.ts'
import type { CompareData } from './compare-in-thread.ts'
import { isLong, THREAD } from './config-thread-file.ts'
import { cutResult, type Piece } from './pieces.ts'

/** A configuration, and the text that says how long it is. */
export interface ComparedFile {
  readonly text: string
  readonly config: NormalConfig
}

/** What bounds a comparison. */
export interface CompareLimits {
  readonly env: LoadOptions['env']
  readonly limitMs: number
  /** Nobody asks any more. */
  readonly signal: AbortSignal
}

/** What a change of the file changes, or why that is not known. */
export type Compared =
  | { readonly isKnown: true; readonly change: ChangeInShort }
  | { readonly isKnown: false; readonly reason: 'time' | 'memory' | 'stopped' }

/**
 * Compares what two configurations decide, beside the requests that are served: long files in a thread
 * of its own, which has the processor when nobody else wants it, others in slices.
 */
export async function compareBeside(
  before: ComparedFile,
  after: ComparedFile,
  limits: CompareLimits,
): Promise<Compared> {
  // Sources that nobody has built have no file that a thread could run.
  const isThread = (isLong(before.text) || isLong(after.text)) && existsSync(THREAD)
  return isThread
    ? compareInThread(before.config, after.config, limits)
    : compareInSlices(before.config, after.config, limits)
}

async function compareInSlices(
  before: NormalConfig,
  after: NormalConfig,
  { env, limitMs, signal }: CompareLimits,
): Promise<Compared> {
  const end = performance.now() + limitMs
  const isOver = (): boolean => signal.aborted || performance.now() >= end
  const steps = changeSteps(before, after, { catalogue: loadCatalogue(), env })
  const change = await inSlicesUntil(steps, isOver)
  if (change !== null) return { isKnown: true, change }
  return { isKnown: false, reason: signal.aborted ? 'stopped' : 'time' }
}

const MIB = 1024 ** 2
/** What comparing may need: no more, and a quarter of what the process may have at most. */
const MEMORY_MIB = 1024

function memoryMib(): number {
  const allowed = Math.min(process.constrainedMemory() || totalmem(), totalmem())
  return Math.min(MEMORY_MIB, Math.floor(allowed / 4 / MIB))
}

async function compareInThread(
  before: NormalConfig,
  after: NormalConfig,
  limits: CompareLimits,
): Promise<Compared> {
  const workerData: CompareData = { job: 'compare', env: { ...limits.env } }
  const resourceLimits = { maxOldGenerationSizeMb: memoryMib() }
  const { Worker: Thread } = process.getBuiltinModule('node:worker_threads')
  const thread = new Thread(THREAD, { workerData, resourceLimits })
  // It ends with the process, which does not wait for it.
  thread.unref()
  const pieces = [before, after].flatMap((config) =>
    cutResult({ config, diagnostics: [], routeLines: [] }),
  )
  try {
    return await Promise.race([answerOf(thread, pieces), untilOver(limits)])
  } finally {
    void thread.terminate()
  }
}

/** Hands the pieces over, each between two requests, and waits for what comes of them. */
function answerOf(thread: Worker, pieces: Piece[]): Promise<Compared> {
  return new Promise((resolve, reject) => {
    thread.on('error', (error) => {
      if (isOutOfMemory(error)) resolve({ isKnown: false, reason: 'memory' })
      else reject(error)
    })
    thread.on('message', (change: ChangeInShort | null) => {
      if (change !== null) resolve({ isKnown: true, change })
      else setImmediate(() => thread.postMessage(pieces.shift()))
    })
  })
}

function untilOver({ limitMs, signal }: CompareLimits): Promise<Compared> {
  return new Promise((resolve) => {
    const giveUp = (reason: 'time' | 'stopped'): void => resolve({ isKnown: false, reason })
    setTimeout(giveUp, limitMs, 'time').unref()
    signal.addEventListener('abort', () => giveUp('stopped'), { once: true })
  })
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
}
