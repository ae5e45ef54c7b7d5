import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { addressOf, type ClientConnection } from '../client/connections.ts'
import { connectionOf } from '../client/node-connection.ts'
import { serveRequest } from '../exchange/serve-request.ts'
import { isKnown } from './admit-connections.ts'
import { acceptMountedUpgrades, type MountedUpgradesOptions } from './mounted-upgrades.ts'
import { createServing, type ServingOptions } from './serving.ts'

/** What a proxy in another server is built from. */
export interface MountedProxyOptions extends ServingOptions {
  readonly mount: string
  readonly server: Server
  readonly route: MountedUpgradesOptions['route']
}

/** A proxy that serves what another server hands over; its listener is that server's. */
export interface MountedProxy {
  /** Serves a request, or the WebSocket that it asks for. */
  readonly serve: (request: IncomingMessage, response: ServerResponse) => void
  /** Takes no more WebSockets, has each connection end with its response, and cuts what is open after `drainMs`. */
  readonly drain: (drainMs: number) => void
  /** Closes the upstream connections. */
  readonly close: () => void
}

/** Creates the proxy below a path of another server. */
export function createMountedProxy(options: MountedProxyOptions): MountedProxy {
  const { context, unfollow } = createServing(options)
  const upgrades = acceptMountedUpgrades(options)
  const connections = new Map<Socket, ClientConnection>()
  const upgraded = new WeakSet<Socket>()
  let cut: NodeJS.Timeout | null = null
  // By TLS it is too late later.
  const onConnection = (socket: Socket): void => void addressOf(socket)
  options.server.on('connection', onConnection)

  function follow(socket: Socket): void {
    if (connections.has(socket)) return
    connections.set(socket, connectionOf(socket))
    socket.on('close', () => connections.delete(socket))
  }

  function cutAll(): void {
    context.isCut = true
    // Others are the other server's: kept alive by it, or under way in its own routes.
    for (const [socket, { occupant }] of connections)
      if (occupant !== null || upgraded.has(socket)) socket.destroy()
  }

  return {
    serve(request, response) {
      if (!isKnown(options.server, request.socket)) return void request.socket.destroy()
      const handshake = upgrades.handshakeOf(request)
      follow(request.socket)
      if (handshake !== null) upgraded.add(request.socket)
      serveRequest(context, request, response, handshake)
    },
    drain(drainMs) {
      context.isDraining = true
      upgrades.stop()
      for (const { occupant } of connections.values()) occupant?.onShutdown()
      cut = setTimeout(cutAll, drainMs)
    },
    close() {
      if (cut !== null) clearTimeout(cut)
      options.server.off('connection', onConnection)
      unfollow()
      context.pools.destroy()
    },
  }
}
