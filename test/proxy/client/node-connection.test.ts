import { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'
import { addressOf, type Occupant } from '../../../src/proxy/client/connections.ts'
import { connectionOf } from '../../../src/proxy/client/node-connection.ts'

function open() {
  const socket = new Socket()
  const connection = connectionOf(socket)
  const done: string[] = []
  /** A request that has the connection until the test has it leave. */
  const request = (name: string): Occupant => ({
    onClientGone: () => void done.push(`${name} is gone`),
    onBadMessage: () => false,
    onShutdown: () => undefined,
  })
  const start = (name: string): Occupant => {
    const occupant = request(name)
    connection.inTurn(() => {
      done.push(name)
      connection.occupant = occupant
    })
    return occupant
  }
  return { socket, connection, done, start }
}

test('a socket has one connection, without TLS and with it', () => {
  const { socket, connection } = open()
  expect(connectionOf(socket)).toBe(connection)
  expect([connection.protocol, connection.peerIp]).toEqual(['http', ''])
  expect(connectionOf(new TLSSocket(new Socket())).protocol).toBe('https')
})

test.each([
  { remoteAddress: '::ffff:192.0.2.1', address: '192.0.2.1' },
  { remoteAddress: '192.0.2.1', address: '192.0.2.1' },
  { remoteAddress: '2001:db8::ffff:1', address: '2001:db8::ffff:1' },
  { remoteAddress: undefined, address: '' },
])('a peer $remoteAddress is $address', ({ remoteAddress, address }) => {
  expect(addressOf({ remoteAddress })).toBe(address)
})

test('requests are served in turn', () => {
  const { connection, done, start } = open()
  expect(connection.isBusy).toBe(false)
  const one = start('one')
  const two = start('two')
  start('three')
  expect([done, connection.isBusy]).toEqual([['one'], true])
  // Whose turn has not come can't end another's.
  connection.leave(two)
  expect(done).toEqual(['one'])
  connection.leave(one)
  expect(done).toEqual(['one', 'two'])
  connection.leave(two)
  expect(done).toEqual(['one', 'two', 'three'])
})

test('those that are over as they begin make way for all behind them', () => {
  const { connection, done, start } = open()
  const one = start('one')
  connection.inTurn(() => void done.push('two, at once'))
  connection.inTurn(() => void done.push('three, at once'))
  start('four')
  start('five')
  connection.leave(one)
  expect(done).toEqual(['one', 'two, at once', 'three, at once', 'four'])
})

test('64 may wait, and one more ends the connection with all of them', () => {
  const { socket, connection, done, start } = open()
  const first = start('first')
  for (let count = 0; count < 64; count += 1) start('a waiting one')
  expect(socket.destroyed).toBe(false)
  start('one too many')
  expect(socket.destroyed).toBe(true)
  connection.leave(first)
  expect(done).toEqual(['first'])
})

test('nothing behind a request whose end is not clear is served', () => {
  const { connection, done, start } = open()
  const one = start('one')
  start('two')
  connection.closeBehind()
  start('three')
  connection.leave(one)
  start('four')
  expect([done, connection.isBusy]).toEqual([['one'], true])
})

test.each(['end', 'close'])(
  'at its %s what is under way is told, and nothing begins any more',
  (event) => {
    const { socket, connection, done, start } = open()
    const one = start('one')
    start('two')
    socket.emit(event)
    connection.leave(one)
    expect(done).toEqual(['one', 'one is gone'])
  },
)

test.each([
  { event: 'end', closed: 0 },
  { event: 'close', closed: 1 },
])('what its requests have authenticated upstream ends with it, $event: $closed', (row) => {
  const { socket, connection } = open()
  const closed: string[] = []
  connection.bond = { close: () => void closed.push('closed') } as never
  socket.emit(row.event)
  expect(closed).toHaveLength(row.closed)
})
