import { setFlagsFromString } from 'node:v8'

/**
 * Has V8 leave its young space as large as it is by now, a few MiB. Where much survives V8 makes it
 * larger, up to 128 MiB in all: what survives here are open streams, which leave it soon, and no
 * room saves their copying. Node 20 and 22 forget it with the next thread, and end at 32 MiB.
 */
export function keepYoungSpaceSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
