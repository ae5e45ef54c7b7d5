import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import {
  awaitConnection,
  leaveData,
  ownSocket,
  ownUnread,
  type SocketOwner,
} from '../../../src/proxy/client/own-socket.ts'

function ownedSocket(): { readonly socket: Socket; readonly heard: unknown[] } {
  const heard: unknown[] = []
  const owner: SocketOwner = {
    read: (chunk) => heard.push(String(chunk)),
    drained: () => heard.push('drained'),
    end: () => heard.push('end'),
    fail: ({ message }) => heard.push(message),
    gone: () => heard.push('gone'),
  }
  const socket = new Socket()
  ownSocket(socket, owner)
  return { socket, heard }
}

function hearAs(name: string, heard: unknown[]): SocketOwner {
  return {
    connected: () => heard.push(`${name} connected`),
    read: (chunk) => heard.push(`${name} ${chunk}`),
    drained: () => heard.push(`${name} drained`),
    end: () => heard.push(`${name} end`),
    gone: () => heard.push(`${name} gone`),
  }
}

const EVENTS = [
  ['data', Buffer.from('a')],
  ['drain'],
  ['end'],
  ['error', new Error('a failure')],
  ['close'],
] as const

test('an owner hears of each event of its own socket alone', () => {
  const one = ownedSocket()
  const other = ownedSocket()
  for (const [event, ...given] of EVENTS) one.socket.emit(event, ...given)
  expect(one.heard).toEqual(['a', 'drained', 'end', 'a failure', 'gone'])
  expect(other.heard).toEqual([])
})

test('whose data is left to others hears of all else', () => {
  const { socket, heard } = ownedSocket()
  leaveData(socket)
  for (const [event, ...given] of EVENTS) socket.emit(event, ...given)
  expect(heard).toEqual(['drained', 'end', 'a failure', 'gone'])
})

describe('a socket is closed where its owner throws', () => {
  const fail = (): never => {
    throw new Error('a defect')
  }
  const owner: SocketOwner = { read: fail, drained: fail, end: fail, gone: () => undefined }
  test.each(['data', 'drain'])('on %s', (event) => {
    const socket = new Socket()
    ownSocket(socket, owner)
    expect(() => socket.emit(event, Buffer.alloc(1))).toThrow('a defect')
    expect(socket.destroyed).toBe(true)
  })
})

test('whoever does not ask what a socket fails of hears of its close', () => {
  const heard: string[] = []
  const nothing = (): void => undefined
  const socket = new Socket()
  ownSocket(socket, {
    read: nothing,
    drained: nothing,
    end: nothing,
    gone: () => heard.push('gone'),
  })
  socket.emit('error', new Error('a failure'))
  socket.emit('close')
  expect(heard).toEqual(['gone'])
})

test('a later owner takes the place of the one before, and no listener is added', () => {
  const heard: unknown[] = []
  const socket = new Socket()
  ownUnread(socket, hearAs('first', heard))
  socket.emit('drain')
  const listeners = socket.listenerCount('close')
  ownUnread(socket, hearAs('second', heard))
  expect(socket.listenerCount('close')).toBe(listeners)
  for (const [event, ...given] of EVENTS) socket.emit(event, ...given)
  expect(heard).toEqual(['first drained', 'second drained', 'second end', 'second gone'])
  ownSocket(socket, hearAs('third', heard))
  socket.emit('data', Buffer.from('a'))
  expect(heard.at(-1)).toBe('third a')
})

test.each(['connect', 'secureConnect'] as const)(
  'its owner hears of %s where it waits for that',
  (event) => {
    const heard: unknown[] = []
    const socket = new Socket()
    ownUnread(socket, hearAs('it', heard))
    socket.emit(event)
    awaitConnection(socket, event)
    socket.emit(event)
    expect(heard).toEqual(['it connected'])
  },
)
