import { ATTACKS } from './attacks.ts'
import { startHostileUpstream } from './hostile-upstream.ts'

/** Before a client that was cut off comes again. */
const AGAIN_MS = 1_000

/** Serves the hostile upstream; attacks the port that it is told by the attack that its argument names. */
const attack = ATTACKS.find(({ name }) => name === process.argv[2])
if (attack === undefined) throw new Error(`no attack ${process.argv[2]}`)

process.on('message', async (port: number) => {
  for (;;) {
    const socket = await attack.start(port).catch(() => null)
    if (socket !== null && !socket.destroyed)
      await new Promise<void>((resolve) => socket.once('close', () => resolve()))
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
  }
})
process.once('disconnect', () => process.exit())
process.send?.(await startHostileUpstream())
