import type { Server } from 'node:net'
import type { NormalAddress } from '../config/shapes/normal-config.ts'

/** Connections that may wait to be accepted; a burst of thousands is no fault. */
const BACKLOG = 4096

/** Starts to listen; resolves to the address that was bound, rejects with the system's error. */
export function listenOn(server: Server, address: NormalAddress): Promise<NormalAddress> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.off('error', reject)
      resolve(boundAddress(server))
    })
    if ('socketPath' in address) server.listen({ path: address.socketPath, backlog: BACKLOG })
    else server.listen({ host: address.host, port: address.port, backlog: BACKLOG })
  })
}

function boundAddress(server: Server): NormalAddress {
  const address = server.address()
  if (typeof address === 'string') return { socketPath: address }
  return { host: address?.address ?? '', port: address?.port ?? 0 }
}
