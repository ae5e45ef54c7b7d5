/** Creates a source of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What parsers trip over. */
const BITS = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  ',',
  ';',
  '\xff',
  '\r\n\r\n',
  '0\r\n\r\n',
  '-1',
  '+1',
  '99999999999999999999',
  'chunked',
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Host: b\r\n',
  'Connection: upgrade\r\nUpgrade: websocket\r\n',
  'Expect: 100-continue\r\n',
  'Connection: x-api-key\r\n',
  'Trailer: X\r\n',
  'HTTP/1.0',
  'HTTP/2.0',
  'HTTP/1.1 100 \r\n\r\n',
  'HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
  '%2e%2e/',
  '..',
  '//',
  'HEAD ',
]

/** Changes bytes at random places: cuts, doubles, swaps them, or puts in what parsers trip over. */
export function mutate(bytes: string, random: () => number): string {
  let result = bytes
  const pick = (below: number): number => Math.floor(random() * below)
  for (let changes = 1 + pick(3); changes > 0; changes -= 1) {
    const at = pick(result.length + 1)
    const end = Math.min(result.length, at + 1 + pick(12))
    const ways = [
      () => result.slice(0, at) + BITS[pick(BITS.length)] + result.slice(at),
      () => result.slice(0, at) + result.slice(end),
      () => result.slice(0, end) + result.slice(at),
      () => result.slice(0, at) + String.fromCharCode(pick(256)) + result.slice(at + 1),
      () => result.slice(0, at),
    ]
    result = (ways[pick(ways.length)] as () => string)()
  }
  return result
}
