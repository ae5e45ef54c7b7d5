import { EventEmitter, once } from 'node:events'
import { DeepgramClient } from '@deepgram/sdk'
import { GoogleGenAI } from '@google/genai'
import { expect, test } from 'vitest'
import { serveStartingFile } from '../support/serve-starting-file.ts'

const served = await serveStartingFile()

// OpenAI's own client for realtime sessions wants TLS whatever its base URL says.
/** A client that opens a WebSocket, says something, and closes when it is answered. */
interface SocketRow {
  readonly provider: string
  readonly client: string
  readonly name: string
  readonly talk: (baseUrl: string) => Promise<void>
  readonly sent: string
  readonly leaves: string
}

const rows: readonly SocketRow[] = [
  {
    provider: 'gemini',
    client: '@google/genai',
    name: 'live, with a key as a parameter',
    talk: (baseUrl) => talkLive(baseUrl, 'AIzaFAKE', 'v1beta'),
    sent: 'GET /ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent',
    leaves: 'x-goog-api-key: AIzaFAKE',
  },
  {
    provider: 'gemini',
    client: '@google/genai',
    name: 'live, with an ephemeral token as a parameter',
    talk: (baseUrl) => talkLive(baseUrl, 'auth_tokens/FAKE', 'v1alpha'),
    sent: 'GET /ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained',
    leaves: 'authorization: Token auth_tokens/FAKE',
  },
  {
    provider: 'deepgram',
    client: '@deepgram/sdk',
    name: 'listen, live',
    async talk(baseUrl) {
      const client = new DeepgramClient({ baseUrl, apiKey: 'FAKEopaque0123456789' })
      const socket = await client.listen.v1.connect({ model: 'nova-3' })
      await new Promise<void>((resolve, reject) => {
        socket.on('error', reject)
        socket.on('message', () => resolve())
        socket.on('open', () => socket.sendKeepAlive({ type: 'KeepAlive' }))
        socket.connect()
      })
      socket.close()
    },
    sent: 'GET /v1/listen?model=nova-3',
    leaves: 'authorization: Token FAKEopaque0123456789',
  },
]

async function talkLive(baseUrl: string, apiKey: string, apiVersion: string): Promise<void> {
  const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl, apiVersion } })
  const events = new EventEmitter()
  const heard = once(events, 'message')
  const session = await client.live.connect({
    model: 'gemini-test',
    callbacks: {
      onmessage: () => events.emit('message'),
      onerror: (event) => events.emit('error', event),
    },
  })
  await heard
  session.close()
}

test.each(rows)('$provider: $client, $name', async ({ provider, client, talk, sent, leaves }) => {
  await talk(served.baseUrlOf(provider, client))
  const { requests } = served.provider
  expect(requests.map(({ method, target }) => `${method} ${target}`)).toEqual([sent])
  expect(requests[0]?.credentials).toEqual([leaves])
})
