import { expect, test } from 'vitest'
import type { NormalAddress } from '../../../src/config/shapes/normal-config.ts'
import { generateCase } from '../../fuzz/requests/generate.ts'
import { connectRaw } from '../../support/raw-client.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { startProxy } from '../../support/start-proxy.ts'

const SEED = 20_261
/** Cases that are long are many writes and say nothing more. */
const LONGEST = 3_000

const TEXT = `
version: 1
upstreams: { echo: builtin:echo }
routes: [{ name: up, match: { path: /up/* }, upstream: echo }]
`

/** What matters of answers: their status, why Keyway refused, and what the echo was asked. */
const TOLD = /HTTP\/1\.1 \d+|x-keyway-error: \w+|"(?:method|path|bytes)": .*|Connection: .*/g

/** Sends pieces, each in a write of its own, and then the end; what is answered. */
async function answersTo(
  address: NormalAddress,
  pieces: readonly string[],
): Promise<readonly string[]> {
  const client = await connectRaw(address)
  client.socket.setNoDelay(true)
  for (const piece of pieces) client.write(piece)
  client.socket.end()
  return (await client.closed()).match(TOLD) ?? []
}

test('requests get the same answers whole and byte by byte', async () => {
  const proxy = await startProxy(TEXT)
  closeAfter(proxy.close)
  for (let index = 0; index < 60; index += 1) {
    const { bytes } = generateCase(SEED, index)
    if (bytes.length > LONGEST) continue
    const whole = await answersTo(proxy.address, [bytes])
    expect({ index, answers: await answersTo(proxy.address, [...bytes]) }).toEqual({
      index,
      answers: whole,
    })
  }
})
