import { lstat, unlink } from 'node:fs/promises'
import { connect } from 'node:net'
import type { NormalAddress } from '../config/shapes/normal-config.ts'

/**
 * Removes the socket file that a process left which did not end in order: one that nobody listens
 * on. Any other file, and a socket in use, stay; listening then fails.
 */
export async function removeStaleSocket(address: NormalAddress): Promise<void> {
  if (!('socketPath' in address)) return
  const { socketPath: path } = address
  const isSocket = await lstat(path).then(
    (status) => status.isSocket(),
    () => false,
  )
  if (isSocket && (await isRefused(path))) await unlink(path)
}

function isRefused(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(false)
    })
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
  })
}
