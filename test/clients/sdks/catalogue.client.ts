import { describe, expect, test } from 'vitest'
import { type OperatorKey, serveStartingFile } from '../support/serve-starting-file.ts'
import { frameworks } from './rows/frameworks.ts'
import { generalSdks } from './rows/general-sdks.ts'
import { ownSdks } from './rows/own-sdks.ts'
import { type Row, TEXT } from './rows/row.ts'

const TOKEN = 'TESTtoken0123456789abcdef'

const rows = [...ownSdks, ...generalSdks, ...frameworks]

/** Another key of the same shape, in the place that the provider's own clients put theirs. */
function operatorKey({ leaves, key }: Row): OperatorKey {
  const [header = '', value = ''] = leaves.split(': ')
  const scheme = value.includes(' ') ? (value.split(' ')[0] ?? null) : null
  return { header, scheme, value: key.replace(/FAKE|^[0-9a-f]+$/, 'OPERATOR-FAKE') }
}

const keys = Object.fromEntries(rows.map((row) => [row.provider, operatorKey(row)]))

const own = await serveStartingFile()
const operated = await serveStartingFile({ keys, token: TOKEN })

describe('by the base URL that init prints', () => {
  test.each(rows)('$provider: $client, with a key of its own', async (row) => {
    const { provider, client, key, call, sent, leaves } = row
    expect(await call(own.baseUrlOf(provider, client), key)).toBe(TEXT)
    const { requests } = own.provider
    expect(requests.map(({ method, target }) => `${method} ${target}`)).toEqual([sent])
    expect(requests[0]?.credentials).toEqual([leaves])
  })

  test.each(rows)('$provider: $client, with a client token as its key', async (row) => {
    const { provider, client, call, sent } = row
    expect(await call(operated.baseUrlOf(provider, client), TOKEN)).toBe(TEXT)
    const { header, scheme, value } = keys[provider] as OperatorKey
    const { requests } = operated.provider
    expect(requests.map(({ method, target }) => `${method} ${target}`)).toEqual([sent])
    expect(requests[0]?.credentials).toEqual([`${header}: ${scheme ? `${scheme} ` : ''}${value}`])
    expect(JSON.stringify(requests)).not.toContain(TOKEN)
  })

  test.each(rows)('$provider: $client, without a token that is known', async (row) => {
    const { provider, client, call, key } = row
    await expect(call(operated.baseUrlOf(provider, client), key)).rejects.toThrow()
    expect(operated.provider.requests).toEqual([])
  })
})

test('no client of the catalogue is left out', () => {
  const commands = ['claude', 'codex', 'gemini']
  const known = own.clients.filter(({ client }) => !commands.includes(client))
  const tried = rows.map(({ provider, client }) => `${provider} ${client}`)
  expect(tried.sort()).toEqual(known.map(({ provider, client }) => `${provider} ${client}`).sort())
})
