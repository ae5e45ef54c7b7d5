import { setPriority } from 'node:os'
import type { MessagePort } from 'node:worker_threads'
import type { NormalConfig } from '../config/shapes/normal-config.ts'
import { loadCatalogue } from '../credentials/catalogue.ts'
import { changeSteps } from '../proof/changes/change-in-short.ts'
import { atOnce } from '../routing/compile/steps.ts'
import { joinResult, type Piece } from './pieces.ts'

/** What a thread that compares is started with. */
export interface CompareData {
  readonly job: 'compare'
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Asks for the pieces of two configurations, each by null, and answers with what the second one changes. */
export function compareInThread({ env }: CompareData, port: MessagePort): void {
  stepBack()
  const configs: NormalConfig[] = []
  let pieces: Piece[] = []
  port.on('message', (piece: Piece) => {
    pieces.push(piece)
    if (piece.isLast) {
      configs.push(joinResult(pieces).config as NormalConfig)
      pieces = []
    }
    const [before, after] = configs
    if (before === undefined || after === undefined) port.postMessage(null)
    else port.postMessage(atOnce(changeSteps(before, after, { catalogue: loadCatalogue(), env })))
  })
  port.postMessage(null)
}

/** A tenth of what others have, where there is not enough for all. */
const BACK = 10

/** Whoever serves requests has the processor first. Linux takes this for the one thread, others for the whole process. */
function stepBack(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(BACK)
  } catch {
    // Not where a sandbox forbids it: then all have the same share.
  }
}
