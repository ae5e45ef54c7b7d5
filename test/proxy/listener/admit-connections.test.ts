import { EventEmitter } from 'node:events'
import { type Server, Socket } from 'node:net'
import { expect, test } from 'vitest'
import { createAddressShare } from '../../../src/proxy/client/address-share.ts'
import { admitConnections } from '../../../src/proxy/listener/admit-connections.ts'
import { createAllowance } from '../../../src/proxy/listener/allowance.ts'

/** A server of a port, or of a unix socket, that a test opens connections to. */
function listen(limit: number, share: number, address: unknown = { port: 1 }) {
  const server = Object.assign(new EventEmitter(), { address: () => address })
  const shares = createAddressShare({ limit: share, isFree: () => false })
  const connections = admitConnections(server as unknown as Server, limit, shares)
  const open = (remoteAddress: string | undefined): Socket => {
    const socket = new Socket()
    Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress })
    server.emit('connection', socket)
    return socket
  }
  return { connections, open }
}

test('as many as the limit are admitted, and one that closes makes room', () => {
  const { connections, open } = listen(2, 9)
  const [one, two, three] = [open('192.0.2.1'), open('192.0.2.2'), open('192.0.2.3')]
  expect([one?.destroyed, two?.destroyed, three?.destroyed]).toEqual([false, false, true])
  expect(connections.count()).toBe(2)
  one?.emit('close')
  expect(connections.count()).toBe(1)
  expect(open('192.0.2.3').destroyed).toBe(false)
})

test("as many as an address's share are, and one that closes gives its part back", () => {
  const { connections, open } = listen(9, 1)
  const one = open('192.0.2.1')
  expect(open('192.0.2.1').destroyed).toBe(true)
  expect(open('::ffff:192.0.2.1').destroyed).toBe(true)
  expect(open('192.0.2.2').destroyed).toBe(false)
  expect(connections.count()).toBe(2)
  one.emit('close')
  expect(open('192.0.2.1').destroyed).toBe(false)
})

test.each([
  { address: { port: 1 }, isAdmitted: false },
  { address: '/run/a.sock', isAdmitted: true },
])('a peer without an address is one of a unix socket: $isAdmitted', ({ address, isAdmitted }) => {
  const { open } = listen(9, 9, address)
  expect(open(undefined).destroyed).toBe(!isAdmitted)
})

test('all of them are cut at once', () => {
  const { connections, open } = listen(9, 9)
  const sockets = [open('192.0.2.1'), open('192.0.2.2')]
  connections.destroyAll()
  expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, true])
})

test('an allowance is spent, and comes back as time goes on, up to what it was', () => {
  const allow = createAllowance(2, 10)
  const at = (...times: readonly number[]): readonly boolean[] => times.map(allow)
  expect(at(0, 0, 0)).toEqual([true, true, false])
  // What is asked for in vain has to come back as well.
  expect(at(100, 200, 300)).toEqual([false, false, false])
  expect(at(10_000, 10_000, 10_000)).toEqual([true, true, false])
})
