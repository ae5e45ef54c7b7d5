import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Certificates } from './certificates.ts'
import type { Headers } from './contender.ts'

/** An HTTPS server in Anthropic's place that remembers which headers arrived. */
export interface Upstream {
  readonly port: number
  /** The headers of the requests since the last call. */
  take(): readonly Headers[]
  close(): Promise<void>
}

/** Starts the upstream on a port of its own. */
export async function startUpstream({ key, cert }: Certificates): Promise<Upstream> {
  let received: Headers[] = []
  const server = createServer({ key, cert }, (request, response) => {
    const { rawHeaders } = request
    received.push(
      rawHeaders.flatMap((name, index) =>
        index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ''] as const] : [],
      ),
    )
    response.end('ok')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    take() {
      const taken = received
      received = []
      return taken
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
