import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ProxyStats } from '../../src/proxy/listener/proxy-server.ts'

/** What the child says. */
export type ChildAnswer = { readonly port: number } | { readonly stats: ProxyStats }

/** A proxy in a process of its own, so that a crash is seen as one. */
export interface ForkedKeyway {
  readonly port: number
  readonly pid: number
  readonly stats: () => Promise<ProxyStats>
  /** null while it runs; else what it said last. */
  readonly crash: () => string | null
  /** Lines of its log that hold a credential. */
  readonly leaks: readonly string[]
  readonly stop: () => Promise<void>
}

/** Every credential that the programs make up holds this word. */
export const CREDENTIAL_MARK = 'FAKE'

/** Starts Keyway over a configuration's text; the bundle has it as `keyway.js` beside the program. */
export async function forkKeyway(text: string): Promise<ForkedKeyway> {
  const child = fork(fileURLToPath(new URL('./keyway.js', import.meta.url)), [text], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  })
  const leaks: string[] = []
  let stderr = ''
  let exit: string | null = null
  child.stdout?.on('data', (chunk: Buffer) => {
    const said = chunk.toString('latin1')
    if (said.includes(CREDENTIAL_MARK) && leaks.length < 10) leaks.push(said.slice(0, 2_000))
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-8_000)
  })
  child.once('exit', (code, signal) => {
    exit = `exit ${code ?? signal}`
  })
  const [first] = (await Promise.race([once(child, 'message'), once(child, 'close')])) as [
    ChildAnswer | number,
  ]
  if (typeof first !== 'object' || !('port' in first)) throw new Error(`no start: ${stderr}`)
  return {
    port: first.port,
    pid: child.pid as number,
    leaks,
    crash: () => (exit === null ? null : `${exit}: ${stderr}`),
    async stats() {
      child.send('stats')
      const [answer] = await once(child, 'message')
      return (answer as { stats: ProxyStats }).stats
    },
    async stop() {
      if (exit !== null) return
      const closed = once(child, 'exit')
      child.kill('SIGKILL')
      await closed
    },
  }
}
