import { expect, test } from 'vitest'
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
const served = await serveStartingFile({ keys, token: TOKEN })

test.each(rows)('$provider: $client, with a client token as its key', async (row) => {
  const { provider, client, call, sent } = row
  expect(await call(served.baseUrlOf(provider, client), TOKEN)).toBe(TEXT)
  const { header, scheme, value } = keys[provider] as OperatorKey
  const [request, ...more] = served.provider.requests
  expect(more).toEqual([])
  expect(`${request?.method} ${request?.target}`).toBe(sent)
  expect(request?.credentials).toEqual([`${header}: ${scheme ? `${scheme} ` : ''}${value}`])
  expect(JSON.stringify(request)).not.toContain(TOKEN)
})

test.each(rows)('$provider: $client, without a token that is known', async (row) => {
  const { provider, client, call, key } = row
  await expect(call(served.baseUrlOf(provider, client), key)).rejects.toThrow()
  expect(served.provider.requests).toEqual([])
})
