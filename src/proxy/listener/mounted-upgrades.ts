import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { asksForWebSocket, type Handshake } from '../client/handshake.ts'
import { connectionOf } from '../client/node-connection.ts'
import { isBodyRead, openHandshake, parseAgain, serveUnswitched } from './mounted-handshakes.ts'
import { isLeftTo, listenForUpgrades, type UpgradeListener } from './upgrade-listeners.ts'

/** What takes the upgrades below a mount's path. */
export interface MountedUpgradesOptions {
  readonly server: Server
  /** The path below which they are Keyway's. */
  readonly mount: string
  /** Has the other server's hooks look at a request, and its route then hand it over. */
  readonly route: (request: IncomingMessage, response: ServerResponse) => void
}

/** The upgrades below a mount's path. */
export interface MountedUpgrades {
  /** The handshake that a request is; null: it is an ordinary one. */
  readonly handshakeOf: (request: IncomingMessage) => Handshake | null
  /** Leaves the server as it was. */
  readonly stop: () => void
}

/** Takes the WebSockets below a mount's path; every other upgrade is its server's, as if nobody listened. */
export function acceptMountedUpgrades(options: MountedUpgradesOptions): MountedUpgrades {
  const { server, mount, route } = options
  const handshakes = new WeakMap<IncomingMessage, Handshake>()
  const takes = (request: IncomingMessage): boolean =>
    asksForWebSocket(request) && isBelow(mount, request.url ?? '')
  const take = (request: IncomingMessage, socket: Socket, head: Buffer): void => {
    socket.on('error', () => socket.destroy())
    // Whether what came before it was Keyway's or the application's.
    const opened = connectionOf(socket).isBusy ? null : openHandshake(request, socket, head)
    if (opened === null) {
      socket.destroy()
      return
    }
    handshakes.set(request, opened.handshake)
    route(request, opened.response)
  }
  const onUpgrade: UpgradeListener = (request, stream, head) => {
    const isOurs = takes(request)
    if (!isOurs && !isLeftTo(onUpgrade, server, request)) return
    const { socket } = request
    if (isBodyRead(request, stream)) serveUnswitched(server, request, stream)
    else if (isOurs) take(request, socket, head)
    // Where somebody listens for an upgrade Node parses no further, whoever it is meant for.
    else parseAgain(server, request, socket, head)
  }
  return {
    handshakeOf: (request) => handshakes.get(request) ?? null,
    stop: listenForUpgrades(server, takes, onUpgrade),
  }
}

function isBelow(mount: string, url: string): boolean {
  if (!url.startsWith(mount)) return false
  const next = url.charAt(mount.length)
  return next === '/' || next === '?' || next === ''
}
