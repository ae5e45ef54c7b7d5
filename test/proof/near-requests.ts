import { fieldPairs } from '../../src/http/fields/field-pairs.ts'
import type { RequestView } from '../../src/routing/rules/request-view.ts'
import { standInToken } from '../../src/config/language/stand-in-token.ts'
import { pick, type Random } from './random.ts'

const CREDENTIALS = [
  'sk-ant-oat01-TEST',
  'sk-ant-api03-TEST',
  'sk-ant-TEST',
  'sk-proj-TEST',
  'sk-admin-TEST',
  'ghp_TESTTEST',
  'hk-00ff-TEST',
  'HK-00ff',
  'hk-00ff',
  'eyJTEST.eyJTEST.',
  'zz-TEST',
]

const FIELDS: readonly (readonly [string, string])[] = [
  ['x-team', 'red'],
  ['x-team', 'blue-12'],
  ['anthropic-version', '2023-06-01'],
  ['anthropic-beta', 'a,oauth-2025-04-20'],
  ['user-agent', 'Claude-CLI/2.1'],
  ['x-debug', ''],
  ['x-internal-a', '1'],
]

const HOSTS = [
  'localhost',
  'api.example.com',
  'a.example.com',
  'llm.internal',
  'API.example.com:81',
]

const PEERS = ['127.0.0.1', '10.0.0.1', '10.1.255.255', '10.2.0.0', '192.168.0.1', 'fd00::1', '::1']

type Change = (request: RequestView, random: Random) => RequestView

const CHANGES: readonly Change[] = [
  (request, random) => ({ ...request, target: slip(request.target, random) }),
  (request, random) => ({ ...request, target: slip(request.target, random) }),
  (request, random) => ({
    ...request,
    target: request.target + pick(random, ['/', '/x', '?beta=true', '?beta=TRUE']),
  }),
  (request, random) => ({
    ...request,
    method: pick(random, ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'get']),
  }),
  (request, random) => ({ ...request, peerIp: pick(random, PEERS) }),
  (request, random) => withField(request, 'Host', pick(random, HOSTS)),
  (request, random) => withField(request, ...pick(random, FIELDS)),
  (request, random) => ({ ...request, headers: [...request.headers, ...pick(random, FIELDS)] }),
  (request, random) =>
    withField(
      request,
      'authorization',
      `${pick(random, ['Bearer ', 'bearer ', 'Token ', ''])}${pick(random, CREDENTIALS)}`,
    ),
  (request, random) =>
    withField(
      request,
      'authorization',
      `Basic ${Buffer.from(`me:${pick(random, CREDENTIALS)}`).toString('base64')}`,
    ),
  (request, random) => withField(request, 'x-api-key', pick(random, CREDENTIALS)),
  (request, random) =>
    withField(request, 'x-keyway-token', standInToken(pick(random, ['ci', 'dev']))),
  slipInField,
  slipInField,
  dropField,
]

/** Requests around others: each with a few changes, mostly of one letter. */
export function nearRequest(request: RequestView, random: Random): RequestView {
  let near = request
  for (let left = Math.floor(random() * 4); left > 0; left--)
    near = pick(random, CHANGES)(near, random)
  return near
}

function withField(request: RequestView, name: string, value: string): RequestView {
  const others = fieldPairs(request.headers).filter(
    ([other]) => other.toLowerCase() !== name.toLowerCase(),
  )
  return { ...request, headers: [...others.flat(), name, value] }
}

function slipInField(request: RequestView, random: Random): RequestView {
  const at = 2 * Math.floor((random() * request.headers.length) / 2) + 1
  const value = request.headers[at]
  if (value === undefined || value.startsWith(standInToken(''))) return request
  return { ...request, headers: request.headers.with(at, slip(value, random)) }
}

function dropField(request: RequestView, random: Random): RequestView {
  const at = 2 * Math.floor((random() * request.headers.length) / 2)
  return { ...request, headers: request.headers.toSpliced(at, 2) }
}

/** A letter more, less, other, or in another case. */
function slip(text: string, random: Random): string {
  const at = Math.floor(random() * (text.length + 1))
  const letter = text[at] ?? ''
  const other = pick(random, [...'aAz09-_./%x', letter])
  return pick<() => string>(random, [
    () => text.slice(0, at) + other + text.slice(at),
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.slice(0, at) + other + text.slice(at + 1),
    () =>
      text.slice(0, at) +
      (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()) +
      text.slice(at + 1),
  ])()
}
