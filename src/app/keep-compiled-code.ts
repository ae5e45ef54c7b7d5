import { setFlagsFromString } from 'node:v8'

/** By then V8 has tidied up what a start leaves behind. */
const TIDY_MS = 20_000

/**
 * Has V8 keep the code it compiled for requests while there are none. When a process falls idle V8
 * shrinks its heap, and throws away whatever was compiled for objects that have no instance just then:
 * once all connections have closed, that is nearly all, and the next requests pay for it again.
 */
export function keepCompiledCode(): void {
  setTimeout(setFlagsFromString, TIDY_MS, '--no-memory-reducer').unref()
}
