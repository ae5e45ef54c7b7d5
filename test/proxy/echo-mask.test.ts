import { expect, test } from 'vitest'
import { createEchoMask } from '../../src/proxy/echo/echo-mask.ts'
import { compileText } from '../support/compile-text.ts'

const CONFIG = `
version: 1
secrets: { own: { env: OWN } }
clients: { tokens: { ci: { file: ci.sha256 } }, required: false }
upstreams: { echo: builtin:echo }
routes:
  - name: all
    match: { path: /* }
    upstream: echo
    credential: { from: [x-own, query sesame] }
    rules:
      - { name: a, if: { method: PUT }, use: { header: x-put, scheme: Token }, continue: true }
      - { name: b, request: { set: { X-Set: 'a \${secret.own}', x-plain: plain } } }
`

const KEY = 'sk-ant-api03-FAKE'

function maskOf(incoming: readonly string[] = []) {
  return createEchoMask(compileText(CONFIG).config, incoming)
}

test.each([
  { name: 'authorization', value: `Bearer ${KEY}`, shown: 'Bearer sk-ant-api…' },
  { name: 'authorization', value: 'Token opaque-FAKE', shown: 'Token …' },
  { name: 'authorization', value: 'opaque-FAKE', shown: '…' },
  { name: 'authorization', value: 'opaque FAKE', shown: '…' },
  { name: 'x-api-key', value: KEY, shown: 'sk-ant-api…' },
  { name: 'x-own', value: 'opaque-FAKE', shown: '…' },
  { name: 'x-put', value: 'opaque-FAKE', shown: '…' },
  { name: 'x-set', value: 'opaque-FAKE', shown: '…' },
  { name: 'x-keyway-token', value: 'opaque-FAKE', shown: '…' },
  { name: 'sec-websocket-protocol', value: 'realtime, opaque-FAKE', shown: '…' },
  { name: 'x-plain', value: 'plain', shown: 'plain' },
  { name: 'x-note', value: `see ${KEY} there`, shown: 'see sk-ant-api******* there' },
])('the field $name: $value is shown as $shown', ({ name, value, shown }) => {
  expect(maskOf().field(name, value)).toBe(shown)
})

test.each([
  { target: '/a?b=c', shown: '/a?b=c' },
  { target: '/a?sesame=opaque-FAKE&b=c', shown: '/a?sesame=…&b=c' },
  { target: '/a?b=c&SESAME=opaque-FAKE', shown: '/a?b=c&SESAME=…' },
  { target: `/a?sesame=${KEY}`, shown: '/a?sesame=sk-ant-api…' },
  { target: '/a?sesame=', shown: '/a?sesame=…' },
  { target: '/a?xsesame=open', shown: '/a?xsesame=open' },
  { target: `/bot/${KEY}/x`, shown: '/bot/sk-ant-api*******/x' },
  {
    target: '/bot/sk%2Dant%2Dapi03%2DFAKEFAKEFAKE/x',
    shown: '/bot/sk%2Dant%2Dapi*****************/x',
  },
  { target: '/a?b=sk%2Dproj%2DFAKEFAKEFAKE1234', shown: '/a?b=sk%2Dproj%2D****************' },
])('the target $target is shown as $shown', ({ target, shown }) => {
  expect(maskOf().target(target)).toBe(shown)
})

test('what the client sent as a credential is hidden wherever it went', () => {
  const mask = maskOf(['Authorization', 'Bearer opaque-FAKE', 'X-Own', '  other-FAKE  '])
  expect(mask.field('x-note', 'opaque-FAKE, other-FAKE, opaque-FAKE')).toBe('…, …, …')
  expect(mask.target('/opaque-FAKE?a=other-FAKE')).toBe('/…?a=…')
})

test('what is too short to be one hides nothing', () => {
  expect(maskOf(['x-own', 'ab']).field('x-note', 'abc')).toBe('abc')
})
