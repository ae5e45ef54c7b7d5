import { env } from 'node:process'
import { fileURLToPath } from 'node:url'

/** Where processes are to say what they ran; undefined where nobody asks. */
const FOLDER = env.KEYWAY_COVERAGE

const CHILD = fileURLToPath(new URL('./child.cjs', import.meta.url))

/** The program whose lines are counted, unbundled; null where none are. */
export const countedProgram: string | null = FOLDER === undefined ? null : `${FOLDER}/cli.js`

/** What has a process of node, its threads and its workers say what they ran. */
export const countingEnvironment: Readonly<Record<string, string>> =
  FOLDER === undefined
    ? {}
    : { NODE_V8_COVERAGE: `${FOLDER}/raw`, NODE_OPTIONS: `--require=${CHILD}` }

/** The signal that kills a process, not before it has said what it ran. */
export const KILL: NodeJS.Signals = FOLDER === undefined ? 'SIGKILL' : 'SIGIO'
