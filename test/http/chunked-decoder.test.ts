import { describe, expect, test } from 'vitest'
import { ChunkedDecoder } from '../../src/http/message/chunked-decoder.ts'

interface Decoded {
  readonly body: string
  /** Bytes behind the body's end; null: it has not ended. */
  readonly rest: string | null
  readonly fault: string | null
  readonly hasOddTrailer: boolean
}

/** Decodes bytes in pieces of some length. */
function decode(bytes: string, cut: number, decoder = new ChunkedDecoder(64 * 1024)): Decoded {
  let body = ''
  for (let at = 0; at < bytes.length; at += cut) {
    const piece = Buffer.from(bytes.slice(at, at + cut), 'latin1')
    let read = 0
    try {
      read = decoder.push(piece, 0)
    } catch (error) {
      body += decoder.takeBody().toString('latin1')
      return { body, rest: null, fault: (error as { code: string }).code, hasOddTrailer: false }
    }
    body += decoder.takeBody().toString('latin1')
    if (decoder.isDone)
      return {
        body,
        rest: bytes.slice(at + read),
        fault: null,
        hasOddTrailer: decoder.hasOddTrailer,
      }
  }
  return { body, rest: null, fault: null, hasOddTrailer: false }
}

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`
const long = 'x'.repeat(0x1af)

const whole = [
  { name: 'nothing', bytes: '0\r\n\r\n', body: '' },
  { name: 'one chunk', bytes: `${chunk('hello')}0\r\n\r\n`, body: 'hello' },
  { name: 'several', bytes: `${chunk('a')}${chunk('bc')}${chunk('d')}0\r\n\r\n`, body: 'abcd' },
  { name: 'a size in small letters', bytes: `1af\r\n${long}\r\n0\r\n\r\n`, body: long },
  { name: 'a size in capitals', bytes: `1AF\r\n${long}\r\n0\r\n\r\n`, body: long },
  {
    name: 'a size of all letters',
    bytes: `0b\r\n${'x'.repeat(11)}\r\n0\r\n\r\n`,
    body: 'x'.repeat(11),
  },
  { name: 'a size of c', bytes: `c\r\n${'x'.repeat(12)}\r\n0\r\n\r\n`, body: 'x'.repeat(12) },
  { name: 'a size of 9', bytes: `9\r\n${'x'.repeat(9)}\r\n0\r\n\r\n`, body: 'x'.repeat(9) },
  { name: 'zeros in front', bytes: `0000000000005\r\nhello\r\n0\r\n\r\n`, body: 'hello' },
  {
    name: 'more zeros in front than a number has digits',
    bytes: `${'0'.repeat(4_000)}5\r\nhello\r\n${'0'.repeat(20)}\r\n\r\n`,
    body: 'hello',
  },
  { name: 'an end of many zeros', bytes: `${chunk('a')}000\r\n\r\n`, body: 'a' },
  { name: 'an extension', bytes: '5;a="b c"\r\nhello\r\n0;x\r\n\r\n', body: 'hello' },
  { name: 'white space before one', bytes: '5 \t ;a\t=\xff\r\nhello\r\n0\r\n\r\n', body: 'hello' },
  {
    name: 'the longest extension',
    bytes: `5;${'x'.repeat(4_095)}\r\nhello\r\n0\r\n\r\n`,
    body: 'hello',
  },
  {
    name: 'extensions that are each as long as one may be',
    bytes: `1;${'x'.repeat(4_000)}\r\na\r\n1;${'x'.repeat(4_000)}\r\nb\r\n0\r\n\r\n`,
    body: 'ab',
  },
  { name: 'a tab before one', bytes: '5\t;a\r\nhello\r\n0\r\n\r\n', body: 'hello' },
  { name: 'a trailer', bytes: '0\r\nA: 1\r\nB: 2\r\n\r\n', body: '' },
  {
    name: 'the longest trailer',
    bytes: `0\r\nA: ${'x'.repeat(64 * 1024 - 7)}\r\n\r\n`,
    body: '',
  },
  {
    name: 'data that looks like frames',
    bytes: `${chunk('0\r\n\r\n')}0\r\n\r\n`,
    body: '0\r\n\r\n',
  },
]

const cuts = [1, 2, 3, 7, 100_000]

describe('a body in chunks', () => {
  test.each(whole)('$name, however it is cut', ({ bytes, body }) => {
    for (const cut of cuts) {
      const decoded = decode(`${bytes}NEXT`, cut)
      expect(decoded).toEqual({ body, rest: 'NEXT', fault: null, hasOddTrailer: false })
    }
  })

  test('that has not ended is as much as came of it', () => {
    for (const cut of cuts)
      expect(decode('5\r\nhello\r\n3\r\nab', cut)).toMatchObject({ body: 'helloab', rest: null })
  })

  test.each([
    { name: 'Connection', trailer: 'Connection: close' },
    { name: 'Transfer-Encoding', trailer: 'Transfer-Encoding: chunked' },
    { name: 'Content-Length', trailer: 'Content-Length: 5' },
  ])('with $name in its trailer is odd', ({ trailer }) => {
    expect(decode(`0\r\n${trailer}\r\n\r\n`, 100)).toMatchObject({ rest: '', hasOddTrailer: true })
  })

  test('gives each piece once, so that none is kept while the next is waited for', () => {
    const decoder = new ChunkedDecoder(64 * 1024)
    decoder.push(Buffer.from('3\r\nabc\r\n'), 0)
    expect([String(decoder.takeBody()), decoder.takeBody().length]).toEqual(['abc', 0])
  })

  test('may be followed by another', () => {
    const decoder = new ChunkedDecoder(64 * 1024)
    decode('3;x\r\nabc\r\n0\r\nContent-Length: 5\r\n\r\n', 4, decoder)
    decoder.reset()
    expect([decoder.isDone, decoder.hasOddTrailer, decoder.takeBody().length]).toEqual([
      false,
      false,
      0,
    ])
    expect(decode('3\r\ndef\r\n0\r\n\r\n', 4, decoder)).toMatchObject({ body: 'def', rest: '' })
  })

  test('that was broken off may be, too', () => {
    const decoder = new ChunkedDecoder(64 * 1024)
    for (const half of ['a', '3\r\nab', '3;x', '0\r\nA: 1\r\n']) {
      decode(half, 1, decoder)
      decoder.reset()
      expect(decode('3\r\ndef\r\n0\r\n\r\n', 1, decoder)).toMatchObject({ body: 'def', rest: '' })
    }
  })
})

const TOO_LONG = 'CHUNK_EXTENSION_TOO_LONG'

const faults: readonly {
  readonly name: string
  readonly bytes: string
  readonly body?: string
  readonly fault?: string
}[] = [
  { name: 'no size', bytes: '\r\nhello' },
  { name: 'a letter of none before an extension', bytes: '5x;a\r\nhello' },
  { name: 'an extension without a size', bytes: ';a\r\n' },
  { name: 'no hexadecimal digit', bytes: 'g\r\n' },
  { name: 'what stands before the digits', bytes: '/\r\n' },
  { name: 'what stands behind them', bytes: ':\r\n' },
  { name: 'what stands before the letters', bytes: '`\r\n' },
  { name: 'a sign', bytes: '+5\r\nhello' },
  { name: 'a prefix', bytes: '0x5\r\nhello' },
  { name: 'a size of fourteen digits', bytes: '10000000000000\r\nhello' },
  { name: 'zeros without end', bytes: '0'.repeat(4_097) },
  { name: 'a bare LF behind the size', bytes: '5\nhello' },
  { name: 'a bare CR', bytes: '5\rhello' },
  { name: 'a blank within the size', bytes: '5 5\r\nhello' },
  { name: 'a blank and nothing behind it', bytes: '5 \r\nhello' },
  { name: 'a bare LF within an extension', bytes: '5;a\nhello' },
  { name: 'a control character within one', bytes: '5;a\x01\r\nhello' },
  { name: 'DEL within one', bytes: '5;a\x7f\r\nhello' },
  {
    name: 'an extension that is too long',
    bytes: `5;${'x'.repeat(4_097)}\r\nhello`,
    fault: TOO_LONG,
  },
  { name: 'blanks that are too many', bytes: `5${' '.repeat(4_097)};\r\nhello`, fault: TOO_LONG },
  { name: 'data that is longer than its size', bytes: '5\r\nhello!\r\n', body: 'hello' },
  { name: 'a bare LF behind the data', bytes: '5\r\nhello\n0\r\n\r\n', body: 'hello' },
  { name: 'a bare CR behind the data', bytes: '5\r\nhello\r0\r\n\r\n', body: 'hello' },
]

const trailers = [
  { name: 'a bare LF as its end', bytes: '0\r\n\n' },
  { name: 'a field that ends in a bare LF', bytes: '0\r\nA: 1\n\r\n' },
  { name: 'no field', bytes: '0\r\nA\r\n\r\n' },
  { name: 'a field with a blank before its colon', bytes: '0\r\nA : 1\r\n\r\n' },
  { name: 'a folded line', bytes: '0\r\nA: 1\r\n b\r\n\r\n' },
  { name: 'a null byte', bytes: '0\r\nA: \0\r\n\r\n' },
  { name: 'more than 64 KiB', bytes: `0\r\nA: ${'x'.repeat(65_540)}\r\n\r\n` },
]

describe('what is not for sure chunks', () => {
  test.each(faults)('$name', ({ bytes, body = '', fault = 'CHUNK' }) => {
    for (const cut of cuts) expect(decode(bytes, cut)).toMatchObject({ body, fault })
  })

  test.each(trailers)('a trailer with $name', ({ bytes }) => {
    for (const cut of cuts) expect(decode(bytes, cut)).toMatchObject({ fault: 'TRAILER' })
  })
})
