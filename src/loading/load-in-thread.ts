import type { MessagePort } from 'node:worker_threads'
import { loadConfig } from '../config/load.ts'
import type { SourceFile } from '../config/text/document.ts'
import { loadCatalogue } from '../credentials/catalogue.ts'
import { cutResult } from './pieces.ts'
import { withProof } from './with-proof.ts'

/** What a thread that loads is started with. */
export interface LoadData {
  readonly job: 'load'
  readonly source: SourceFile
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Loads one configuration and hands it over piece by piece, each when it is asked for. */
export function loadInThread({ source, env }: LoadData, port: MessagePort): void {
  const pieces = cutResult(loadConfig(source, withProof({ catalogue: loadCatalogue(), env })))
  let handed = 0
  port.on('message', () => {
    port.postMessage(pieces[handed])
    handed += 1
  })
}
