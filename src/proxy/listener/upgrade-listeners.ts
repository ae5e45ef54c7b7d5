import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { announcedLength } from '../client/request-body.ts'

/** What an upgrade of a server is given to. */
export type UpgradeListener = (request: IncomingMessage, stream: Duplex, head: Buffer) => void

type Takes = (request: IncomingMessage) => boolean

/** Node asks since 22.21 and 24.9 which upgrades are to be listeners', and reads on at all others; not in the types of older ones. */
interface AskingServer extends Server {
  shouldUpgradeCallback?: (this: Server, request: IncomingMessage) => boolean
}

/** What each of our listeners takes: an application may hold several mounts. */
const OURS = new WeakMap<object, Takes>()

/** Listens for the upgrades that are taken; where Node asks, the others come as requests. Returns what ends it. */
export function listenForUpgrades(
  server: AskingServer,
  takes: Takes,
  listener: UpgradeListener,
): () => void {
  OURS.set(listener, takes)
  server.on('upgrade', listener)
  const leaveChoice = chooseUpgrades(server)
  return () => {
    server.off('upgrade', listener)
    leaveChoice()
  }
}

/** Whether an upgrade that nobody takes is left to this listener, the first of those that hear of it. */
export function isLeftTo(
  listener: UpgradeListener,
  server: Server,
  request: IncomingMessage,
): boolean {
  const listeners = server.listeners('upgrade')
  return listeners[0] === listener && listeners.every((one) => OURS.get(one)?.(request) === false)
}

function chooseUpgrades(server: AskingServer): () => void {
  const before = server.shouldUpgradeCallback
  if (before === undefined) return () => undefined
  const withoutOurs = hideOurs(server)
  const choose = (request: IncomingMessage): boolean => {
    const isOurs = server.listeners('upgrade').some((one) => OURS.get(one)?.(request) === true)
    // One with a body is refused, as soon as it is read as a request.
    return isOurs ? announcedLength(request) === 0 : before.call(withoutOurs, request)
  }
  server.shouldUpgradeCallback = choose
  return () => {
    if (server.shouldUpgradeCallback === choose) server.shouldUpgradeCallback = before
  }
}

/** The server as its own choice would see it if nobody of us listened: without a say, Node counts who does. */
function hideOurs(server: Server): Server {
  const listenerCount = (event: string): number =>
    server.listeners(event).filter((one) => !OURS.has(one)).length
  return Object.create(server, { listenerCount: { value: listenerCount } }) as Server
}
