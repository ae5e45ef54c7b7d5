import type { Random } from '../random.ts'
import { bait, chunk, type Draft, fakeKey } from './draft.ts'
import {
  NOT_HTTP,
  ODD_CHUNK_LINES,
  ODD_CODINGS,
  ODD_LENGTHS,
  ODD_LINES,
  ODD_METHODS,
  ODD_TARGETS,
  ODD_VERSIONS,
} from './oddities.ts'

/** Turns a valid request into one that somebody could misread. */
export type Attack = (draft: Draft, random: Random, tag: string) => Draft

/** The attacks by name. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  'length and coding': (draft, random, tag) =>
    framed(
      draft,
      ['Transfer-Encoding: chunked', `Content-Length: ${random.pick([0, 4, 5, 6, 60])}`],
      random.chance(50) ? `0\r\n\r\n${bait(tag)}` : chunk(random, bait(tag)),
    ),
  'odd coding': (draft, random, tag) =>
    framed(
      draft,
      [random.pick(ODD_CODINGS)],
      random.chance(50) ? chunk(random, bait(tag)) : `0\r\n\r\n${bait(tag)}`,
    ),
  'odd coding and length': (draft, random, tag) => {
    const body = random.chance(50) ? chunk(random, bait(tag)) : `0\r\n\r\n${bait(tag)}`
    const lines = [`Content-Length: ${random.pick([0, 5, body.length])}`, random.pick(ODD_CODINGS)]
    return framed(draft, random.chance(50) ? lines : lines.reverse(), body)
  },
  'odd length': (draft, random, tag) =>
    framed(draft, [`Content-Length: ${random.pick(ODD_LENGTHS)}`], `hello${bait(tag)}`),
  'short length': (draft, random, tag) => {
    const body = `hello${bait(tag)}`
    return framed(draft, [`Content-Length: ${random.pick([0, 5, 20, body.length - 1])}`], body)
  },
  'long length': (draft, random) =>
    framed(draft, [`Content-Length: ${random.pick([6, 100, 70_000, 10_000_000])}`], 'hello'),
  'body without framing': (draft, random, tag) =>
    framed(draft, [], random.chance(50) ? bait(tag) : 'hello'),
  'odd chunk': (draft, random, tag) => {
    const data = random.pick(['hello', 'hell', 'hellooo', bait(tag)])
    const end = random.pick(['\r\n', '\r\n', '\n', '\r', '', '\r\r\n', '\0\r\n'])
    const last = random.pick([
      '0\r\n\r\n',
      '0\r\n',
      '0\n\n',
      '00\r\n\r\n',
      '-0\r\n\r\n',
      '0;\r\n\r\n',
      '',
    ])
    const line = random.pick(ODD_CHUNK_LINES)
    return framed(
      draft,
      ['Transfer-Encoding: chunked'],
      `${line}\r\n${data}${end}${last}${bait(tag)}`,
    )
  },
  'odd trailer': (draft, random, tag) => {
    const trailer = random.pick([
      ...ODD_LINES,
      'Content-Length: 50',
      'Transfer-Encoding: chunked',
      `Authorization: Bearer ${fakeKey(tag, '-trailer')}`,
    ])
    return framed(draft, ['Transfer-Encoding: chunked'], `5\r\nhello\r\n0\r\n${trailer}\r\n\r\n`)
  },
  'odd field': (draft, random) => insertField(draft, random, random.pick(ODD_LINES)),
  'odd field first': (draft, random) => ({
    ...draft,
    fields: [random.pick(ODD_LINES), ...draft.fields],
  }),
  'odd target': (draft, random) => ({ ...draft, target: random.pick(ODD_TARGETS) }),
  'odd target after the tag': (draft, random, tag) => ({
    ...draft,
    target: `/up/${tag}${random.pick(ODD_TARGETS)}`,
  }),
  'odd byte in the target': (draft, random, tag) => ({
    ...draft,
    target: `/up/${tag}/${String.fromCharCode(random.below(256))}x`,
  }),
  'odd version': (draft, random) => ({ ...draft, version: random.pick(ODD_VERSIONS) }),
  'HTTP/1.0': (draft, random) => ({
    ...draft,
    version: 'HTTP/1.0',
    fields: random.chance(50) ? [...draft.fields, 'Connection: keep-alive'] : draft.fields,
  }),
  'odd method': (draft, random) => ({ ...draft, method: random.pick(ODD_METHODS) }),
  'two credentials': (draft, random, tag) =>
    insertField(
      draft,
      random,
      `${random.pick(['Authorization: Bearer', 'authorization: Token', 'X-Api-Key:', 'api-key:', 'x-goog-api-key:'])} ${fakeKey(tag, '-other')}`,
    ),
  'odd credential': (draft, random, tag) =>
    insertField(withoutCredentials(draft), random, oddCredential(random, tag)),
  'credential elsewhere': (draft, random, tag) =>
    insertField(
      draft,
      random,
      `${random.pick(['X-F9', 'Cookie', 'Proxy-Authorization', 'xi-api-key', 'X_Api_Key', 'X-Api-Key2', 'authorization2'])}: Bearer ${fakeKey(tag, '-elsewhere')}`,
    ),
  'not HTTP': (draft, random) => ({ ...draft, method: `${random.pick(NOT_HTTP)}${draft.method}` }),
}

function oddCredential(random: Random, tag: string): string {
  const key = fakeKey(tag)
  return random.pick([
    `Authorization: Bearer  ${key}`,
    `Authorization: Bearer\t${key}`,
    `Authorization: Bearer ${key}, Bearer ${fakeKey(tag, '-other')}`,
    `Authorization: Bearer ${key} ${fakeKey(tag, '-other')}`,
    `Authorization: Basic ${key}`,
    `Authorization: Digest username="${key}"`,
    `Authorization:Bearer ${key}   `,
    'Authorization: Bearer',
    'Authorization:',
    `Authorization: Bearer ${key}\xe9`,
    `Authorization: Bearer "${key}"`,
    `Authorization: ${key}:${key}`,
    `X-Api-Key: ${key}, ${fakeKey(tag, '-other')}`,
    `X-Api-Key: Bearer ${key}`,
    `X-Api-Key: ${key}\r\nX-Api-Key: ${key}`,
    `X-Api-Key: ${key}\r\nConnection: x-api-key`,
    `Authorization: Bearer ${key}\r\nConnection: authorization, keep-alive`,
    `X-Api-Key:\r\nAuthorization: Bearer ${key}`,
    `X-Api-Key: sk-ant-ort01-FAKE-${tag}`,
    `X-Api-Key: ${key}\r\nX-Api-Key:`,
  ])
}

function framed(draft: Draft, framing: readonly string[], body: string): Draft {
  const kept = draft.fields.filter((field) => !/^(content-length|transfer-encoding):/i.test(field))
  const method = /GET|HEAD|OPTIONS/.test(draft.method) ? 'POST' : draft.method
  return { ...draft, method, fields: [...kept, ...framing], body }
}

function insertField(draft: Draft, random: Random, line: string): Draft {
  const fields = [...draft.fields]
  fields.splice(random.below(fields.length + 1), 0, line)
  return { ...draft, fields }
}

function withoutCredentials(draft: Draft): Draft {
  const isOne = /^(authorization|x-api-key|api-key|x-goog-api-key):/i
  return { ...draft, fields: draft.fields.filter((field) => !isOne.test(field)) }
}
