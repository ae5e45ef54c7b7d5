import { EventEmitter } from 'node:events'
import type { Http2Stream } from 'node:http2'
import { expect, test } from 'vitest'
import { letGo } from '../../src/http/let-go.ts'

test('a stream that is let go of has nobody hear of it but Node, and its errors still end nothing', () => {
  const stream = new EventEmitter() as Http2Stream
  const heard: string[] = []
  for (const event of ['aborted', 'close', 'data', 'drain', 'end', 'error', 'finish', 'headers'])
    stream.on(event, () => heard.push(event))
  for (const event of ['response', 'wantTrailers', 'pause'])
    stream.on(event, () => heard.push(event))
  letGo(stream)
  expect(stream.eventNames()).toEqual(['pause', 'error'])
  stream.emit('error', new Error('late'))
  stream.emit('pause')
  expect(heard).toEqual(['pause'])
})

test('whoever hears of the same close after it was let go of hears of it all the same', () => {
  const stream = new EventEmitter() as Http2Stream
  const heard: string[] = []
  stream.on('close', () => letGo(stream))
  stream.on('close', () => heard.push('later'))
  stream.once('close', () => heard.push('once'))
  stream.emit('close')
  stream.emit('close')
  expect(heard).toEqual(['later', 'once'])
})
