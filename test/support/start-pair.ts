import { onTestFinished } from 'vitest'
import { type RecordingUpstream, type Script, startUpstream } from './recording-upstream.ts'
import { oneRoute, startProxy, type TestProxy } from './start-proxy.ts'
import { resumeClock } from './stopped-clock.ts'

/** A proxy with one upstream behind `/up`. */
export interface Pair extends TestProxy {
  readonly upstream: RecordingUpstream
}

/** What a pair is built from; the texts are keys of the upstream, the route and the file. */
export interface PairOptions {
  readonly script?: Script
  readonly upstream?: string
  readonly route?: string
  readonly server?: string
}

const closers: (() => Promise<void>)[] = []

async function closeAll(): Promise<void> {
  resumeClock()
  for (const close of closers.splice(0)) await close()
}

/** Closes something when the test is over. */
export function closeAfter(close: () => Promise<void>): void {
  // Told to the test and not to the file, since files that run in one process share this one.
  if (closers.length === 0) onTestFinished(closeAll)
  closers.push(close)
}

/** Starts an upstream and a proxy before it; both close when the test is over. */
export async function startPair({ script, ...texts }: PairOptions = {}): Promise<Pair> {
  const upstream = await startUpstream(script)
  closeAfter(upstream.close)
  const proxy = await startProxy(oneRoute(upstream.url, texts))
  closers.unshift(proxy.close)
  return { ...proxy, upstream }
}
