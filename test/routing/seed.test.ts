import { describe, expect, test } from 'vitest'
import { compileText, view } from '../support/compile-text.ts'

const { table } = compileText(`
version: 1
upstreams: { up: 'https://api.example.com/base/' }
routes:
  - name: seed
    match: { path: /* }
    upstream: up
    rules:
      - { name: oauth, if: { credential: { matches: ^sk-ant-oat } }, use: authorization bearer }
      - if credential matches ^sk-ant- use x-api-key else authorization bearer
`)

const beta = ['anthropic-beta', 'oauth-2025-04-20']

const rows: {
  name: string
  sent: string[]
  leaves?: string[]
  rule?: string | null
  status?: number
}[] = [
  {
    name: 'API key as bearer',
    sent: ['Authorization', 'Bearer sk-ant-api03-FAKE'],
    leaves: ['x-api-key', 'sk-ant-api03-FAKE'],
    rule: 'rules[1]',
  },
  {
    name: 'API key as x-api-key',
    sent: ['X-Api-Key', 'sk-ant-api03-FAKE'],
    leaves: ['x-api-key', 'sk-ant-api03-FAKE'],
    rule: 'rules[1]',
  },
  {
    name: 'bearer in any case',
    sent: ['authorization', 'bEaReR sk-ant-api03-FAKE'],
    leaves: ['x-api-key', 'sk-ant-api03-FAKE'],
    rule: 'rules[1]',
  },
  {
    name: 'OAuth token',
    sent: ['Authorization', 'Bearer sk-ant-oat01-FAKE', ...beta],
    leaves: [...beta, 'authorization', 'Bearer sk-ant-oat01-FAKE'],
    rule: 'oauth',
  },
  {
    name: 'both headers the same',
    sent: ['Authorization', 'Bearer sk-ant-api03-FAKE', 'x-api-key', 'sk-ant-api03-FAKE'],
    leaves: ['x-api-key', 'sk-ant-api03-FAKE'],
    rule: 'rules[1]',
  },
  {
    name: 'both headers different',
    sent: ['Authorization', 'Bearer sk-ant-api03-FAKE', 'x-api-key', 'sk-ant-api03-FAKE2'],
    status: 400,
  },
  {
    name: 'repeated header, different',
    sent: [
      'Authorization',
      'Bearer sk-ant-api03-FAKE',
      'authorization',
      'Bearer sk-ant-api03-FAKE2',
    ],
    status: 400,
  },
  {
    name: 'two tokens in one header',
    sent: ['Authorization', 'Bearer sk-ant-api03-FAKE, Bearer sk-ant-api03-FAKE2'],
    status: 400,
  },
  { name: 'none', sent: [], leaves: [], rule: 'rules[1]' },
  { name: 'a refresh token', sent: ['Authorization', 'Bearer sk-ant-ort01-FAKE'], status: 403 },
  { name: 'a web session', sent: ['Cookie', 'a=b; sessionKey=sk-ant-sid01-FAKE'], status: 403 },
  {
    name: 'an opaque bearer',
    sent: ['x-api-key', 'opaque-FAKE'],
    leaves: ['authorization', 'Bearer opaque-FAKE'],
    rule: 'rules[1]',
  },
  {
    name: 'basic is bound to its scheme',
    sent: ['Authorization', 'Basic RkFLRTpGQUtF'],
    leaves: ['authorization', 'Basic RkFLRTpGQUtF'],
    rule: 'rules[1]',
  },
]

const added = [
  'X-Forwarded-For',
  '192.0.2.7',
  'X-Forwarded-Proto',
  'http',
  'X-Forwarded-Host',
  'localhost',
  'X-Request-Id',
  'id-1',
]

describe('the seed', () => {
  test.each(rows)('$name', ({ sent, leaves, rule, status }) => {
    const decision = table.decide(view('/v1/messages?beta=true', sent))
    if (decision.action === 'reject') return expect(decision.status).toBe(status)
    expect(decision.headers).toEqual([...(leaves ?? []), ...added])
    expect(decision.rule).toBe(rule)
    expect(decision.target).toBe('/base/v1/messages?beta=true')
  })
})
