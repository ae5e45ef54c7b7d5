import type { MessagePort } from 'node:worker_threads'
import { type LoadOptions, loadConfig } from '../config/load.ts'
import type { SourceFile } from '../config/text/document.ts'
import { loadCatalogue } from '../credentials/catalogue.ts'
import { cutResult } from './pieces.ts'
import { withProof } from './with-proof.ts'

/** What a thread that loads is started with. */
export interface LoadData {
  readonly job: 'load'
  readonly source: SourceFile
  readonly env: Readonly<Record<string, string | undefined>>
  readonly proving: Proving
}

/** Whether what a file promises is proved as it is loaded. */
export type Proving = 'invariants' | 'nothing'

/** Loads one configuration and hands it over piece by piece, each when it is asked for. */
export function loadInThread({ source, env, proving }: LoadData, port: MessagePort): void {
  const pieces = cutResult(loadConfig(source, loadOptions(env, proving)))
  let handed = 0
  port.on('message', () => {
    port.postMessage(pieces[handed])
    handed += 1
  })
}

/** What a file is loaded with: the shipped catalogue. */
export function loadOptions(env: LoadOptions['env'], proving: Proving): LoadOptions {
  const options = { catalogue: loadCatalogue(), env }
  return proving === 'nothing' ? options : withProof(options)
}
