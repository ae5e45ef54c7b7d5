import type { Random } from '../random.ts'
import { chunked, evilResponse, mark, type ResponseDraft } from './draft.ts'
import {
  INTERIM,
  ODD_CHUNK_LINES,
  ODD_CODINGS,
  ODD_FIELDS,
  ODD_LENGTHS,
  ODD_LINES,
} from './oddities.ts'

/** Turns a valid response into one that somebody could misread. */
export type ResponseAttack = (draft: ResponseDraft, random: Random, id: string) => ResponseDraft

/** The attacks by name. */
export const RESPONSE_ATTACKS: Readonly<Record<string, ResponseAttack>> = {
  'odd status line': (draft, random) => ({ ...draft, line: random.pick(ODD_LINES) }),
  'odd field': (draft, random) => {
    const fields = [...draft.fields]
    fields.splice(random.below(fields.length + 1), 0, random.pick(ODD_FIELDS))
    return { ...draft, fields }
  },
  'odd length': (draft, random, id) =>
    framed(draft, [`Content-Length: ${random.pick(ODD_LENGTHS)}`], `[${id}]`.slice(0, 5)),
  'wrong length': (draft, random, id) => {
    const body = mark(id, 50)
    const length = random.pick([0, 1, body.length - 1, body.length + 1, 2 * body.length, 1_000_000])
    return framed(draft, [`Content-Length: ${length}`], body)
  },
  'odd coding': (draft, random, id) =>
    framed(
      draft,
      [`Transfer-Encoding: ${random.pick(ODD_CODINGS)}`],
      random.chance(70) ? chunked(random, mark(id, 60)) : mark(id, 60),
    ),
  'length and coding': (draft, random, id) => {
    const body = chunked(random, mark(id, 60))
    const lines = [
      `Content-Length: ${random.pick([0, 5, body.length])}`,
      'Transfer-Encoding: chunked',
    ]
    return framed(draft, random.chance(50) ? lines : lines.reverse(), body)
  },
  'odd chunk': (draft, random, id) => {
    const end = random.pick(['\r\n', '\n', '\r', '', '\r\r\n'])
    const last = random.pick([
      '0\r\n\r\n',
      '0\r\n',
      '0\n\n',
      '00\r\n\r\n',
      '',
      '0\r\nX: \0\r\n\r\n',
      '0\r\nX: y\r\n z\r\n\r\n',
    ])
    const data = random.pick([id.slice(0, 5), `[${id}]`])
    return framed(
      draft,
      ['Transfer-Encoding: chunked'],
      `${random.pick(ODD_CHUNK_LINES)}\r\n${data}${end}${last}`,
    )
  },
  'no framing': (draft, _random, id) => framed(draft, [], mark(id, 60)),
  'odd trailer': (draft, random, id) =>
    framed(
      draft,
      ['Transfer-Encoding: chunked', 'Trailer: x'],
      `${(id.length + 2).toString(16)}\r\n[${id}]\r\n0\r\n${random.pick([...ODD_FIELDS, 'Content-Length: 5', 'Transfer-Encoding: chunked'])}\r\n\r\n`,
    ),
  'trailer announced': (draft, random) => ({
    ...draft,
    fields: [
      ...draft.fields,
      `Trailer: ${random.pick(['X-Sum', 'content-length', '', '\xff', 'a, b'])}`,
    ],
  }),
  'body where none may be': (draft, random, id) => ({
    ...framed(
      draft,
      random.pick([[], ['Content-Length: 5'], ['Transfer-Encoding: chunked']]),
      random.pick([`[${id}]`, evilResponse(id), `5\r\nhello\r\n0\r\n\r\n`]),
    ),
    line: `HTTP/1.1 ${random.pick(['204 N', '304 S', '205 R', '200 OK'])}`,
  }),
  'interim responses': (draft, random) => ({
    ...draft,
    before: random.pick(INTERIM).repeat(random.pick([1, 1, 2, 20, 300])) + random.pick(INTERIM),
  }),
  'answers twice': (draft, random, id) => ({
    ...draft,
    after: evilResponse(id).repeat(random.pick([1, 1, 3])),
  }),
  'bytes after': (draft, random) => ({
    ...draft,
    after: random.pick([
      '\r\n',
      '\r\n\r\n',
      '\0',
      'x',
      'HTTP/1.1 ',
      '0\r\n\r\n',
      'HTTP/1.1 200 OK\r\n',
      'HTTP/1.1 100 C\r\n\r\n',
    ]),
  }),
}

function framed(draft: ResponseDraft, framing: readonly string[], body: string): ResponseDraft {
  const kept = draft.fields.filter((field) => !/^(content-length|transfer-encoding):/i.test(field))
  return { ...draft, fields: [...kept, ...framing], body }
}
