// What load-beside.ts starts as a thread: loads one configuration and hands it over piece by piece.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { loadConfig } from '../config/load.ts'
import type { SourceFile } from '../config/text/document.ts'
import { loadCatalogue } from '../credentials/catalogue.ts'
import { cutResult } from './pieces.ts'
import { withProof } from './with-proof.ts'

/** What the thread is started with. */
export interface ThreadData {
  readonly source: SourceFile
  readonly env: Readonly<Record<string, string | undefined>>
}

const port = parentPort as MessagePort
const { source, env } = workerData as ThreadData
const pieces = cutResult(loadConfig(source, withProof({ catalogue: loadCatalogue(), env })))
let handed = 0
port.on('message', () => {
  port.postMessage(pieces[handed])
  handed += 1
})
