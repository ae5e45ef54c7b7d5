import { setFlagsFromString } from 'node:v8'

/**
 * Has V8 leave out Maglev, which compiles what is warm before Turbofan compiles what is hot: its work on
 * a server's first requests takes some 30 MiB that the allocator does not give back, and what is hot runs
 * as fast without it. Node 20 and 22 do without it by themselves.
 */
export function compileOnce(): void {
  setFlagsFromString('--no-maglev')
}
