import { describe, expect, test } from 'vitest'
import { serveStartingFile } from '../support/serve-starting-file.ts'
import { frameworks } from './rows/frameworks.ts'
import { generalSdks } from './rows/general-sdks.ts'
import { ownSdks } from './rows/own-sdks.ts'
import { TEXT } from './rows/row.ts'

const rows = [...ownSdks, ...generalSdks, ...frameworks]

const served = await serveStartingFile()

describe('by the base URL that init prints', () => {
  test.each(rows)('$provider: $client', async ({ provider, client, key, call, sent, leaves }) => {
    expect(await call(served.baseUrlOf(provider, client), key)).toBe(TEXT)
    const requests = served.provider.requests.map(({ method, target }) => `${method} ${target}`)
    expect(requests).toEqual([sent])
    expect(served.provider.requests[0]?.credentials).toEqual([leaves])
  })
})

test('no client of the catalogue is left out', () => {
  const commands = ['claude', 'codex', 'gemini']
  const known = served.clients.filter(({ client }) => !commands.includes(client))
  const tried = rows.map(({ provider, client }) => `${provider} ${client}`)
  expect(tried.sort()).toEqual(known.map(({ provider, client }) => `${provider} ${client}`).sort())
})
