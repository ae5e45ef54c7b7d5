import { existsSync } from 'node:fs'
import type { Worker } from 'node:worker_threads'
import { type LoadOptions, type LoadResult, loadConfig } from '../config/load.ts'
import type { SourceFile } from '../config/text/document.ts'
import { isLong, THREAD } from './config-thread-file.ts'
import { type LoadData, loadOptions, type Proving } from './load-in-thread.ts'
import { joinResult, type Piece } from './pieces.ts'

/**
 * Loads a file as loadConfig does with the shipped catalogue; a long one in a thread of its own.
 * Requests are served meanwhile, and what checking leaves behind goes with the thread in place of
 * staying in the heap that serves.
 */
export async function loadBeside(
  source: SourceFile,
  env: LoadOptions['env'],
  proving: Proving = 'invariants',
): Promise<LoadResult> {
  // Sources that nobody has built have no file that a thread could run.
  if (!isLong(source.text) || !existsSync(THREAD))
    return loadConfig(source, loadOptions(env, proving))
  return loadInThread({ job: 'load', source, env: { ...env }, proving })
}

function loadInThread(workerData: LoadData): Promise<LoadResult> {
  const { Worker: Thread } = process.getBuiltinModule('node:worker_threads')
  const thread = new Thread(THREAD, { workerData })
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
