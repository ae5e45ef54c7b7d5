import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { type LoadOptions, type LoadResult, loadConfig } from '../config/load.ts'
import type { SourceFile } from '../config/text/document.ts'
import { loadCatalogue } from '../credentials/catalogue.ts'
import type { ThreadData } from './config-thread.ts'
import { joinResult, type Piece } from './pieces.ts'
import { withProof } from './with-proof.ts'

/** A shorter text, of some three hundred routes, is loaded before a thread would have started. */
const THREAD_CHARACTERS = 64 * 1024

const THREAD = new URL('./config-thread.js', import.meta.url)

/**
 * Loads a file as loadConfig does with the shipped catalogue; a long one in a thread of its own.
 * Requests are served meanwhile, and what checking leaves behind goes with the thread in place of
 * staying in the heap that serves.
 */
export async function loadBeside(source: SourceFile, env: LoadOptions['env']): Promise<LoadResult> {
  // Sources that nobody has built have no file that a thread could run.
  if (source.text.length < THREAD_CHARACTERS || !existsSync(THREAD))
    return loadConfig(source, withProof({ catalogue: loadCatalogue(), env }))
  return loadInThread({ source, env: { ...env } })
}

function loadInThread(workerData: ThreadData): Promise<LoadResult> {
  const thread = new Worker(THREAD, { workerData })
  const pieces: Piece[] = []
  return new Promise((resolve, reject) => {
    thread.on('error', reject)
    thread.on('exit', () => reject(new Error('the thread that loads the file has ended')))
    thread.on('message', (piece: Piece) => {
      pieces.push(piece)
      if (piece.isLast) {
        resolve(joinResult(pieces))
        void thread.terminate()
      } else setImmediate(askForNext, thread)
    })
    askForNext(thread)
  })
}

function askForNext(thread: Worker): void {
  thread.postMessage(null)
}
