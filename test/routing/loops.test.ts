import { describe, expect, test } from 'vitest'
import { compileText, view } from '../support/compile-text.ts'

const tableOf = (server: string, url: string) =>
  compileText(`version: 1
server: { listen: 127.0.0.1:8080${server} }
upstreams: { up: { url: '${url}', accepts: [unknown] } }
routes: [{ name: r, match: { path: /* }, upstream: up }]
`).table

/** What a near upstream would send back here: all that Keyway writes. */
const RETURNED = [
  'X-Request-Id',
  'a',
  'X-Forwarded-For',
  'b',
  'X-Forwarded-Host',
  'c',
  'X-Forwarded-Proto',
  'd',
]

function markerOf(server: string, url: string, headers: readonly string[]): string | null {
  const decision = tableOf(server, url).decide(view('/', headers))
  if (decision.action !== 'forward') throw new Error(decision.code)
  const at = decision.headers.findIndex((name) => name.toLowerCase() === 'cdn-loop')
  return at < 0 ? null : (decision.headers[at + 1] as string)
}

function codeOf(server: string, headers: readonly string[]): string {
  const decision = tableOf(server, 'http://127.0.0.1:9000').decide(view('/', headers))
  return decision.action === 'forward' ? 'forwarded' : decision.code
}

describe('the marker', () => {
  const near = 'http://127.0.0.1:9000'
  test('is written on what may have come round', () => {
    expect(markerOf('', near, RETURNED)).toMatch(/^keyway-[0-9a-f]+$/)
    expect(markerOf('', near, RETURNED.slice(0, 4))).not.toBe(null)
    expect(markerOf('', near, RETURNED.slice(2))).toBe(null)
    expect(markerOf('', near, RETURNED.slice(0, 2))).toBe(null)
    expect(markerOf('', near, [])).toBe(null)
    expect(markerOf('', 'https://api.example.com', RETURNED)).not.toBe(null)
  })

  test('is written on less, where the upstream is not told who asked and is near', () => {
    const id = RETURNED.slice(0, 2)
    const quiet = (upstream: string): string | null => {
      const { table } = compileText(`version: 1
upstreams: { up: { ${upstream}, forwarded: false, accepts: [unknown] } }
routes: [{ name: r, match: { path: /* }, upstream: up }]
`)
      const decision = table.decide(view('/', id))
      if (decision.action !== 'forward') throw new Error(decision.code)
      return decision.headers.findLast((_, i, all) => all[i - 1] === 'CDN-Loop') ?? null
    }
    expect(quiet("url: 'http://127.0.0.1:9000'")).toMatch(/^keyway-/)
    expect(quiet("targets: ['https://api.example.com', 'https://backend']")).toMatch(/^keyway-/)
    expect(quiet("url: 'https://api.example.com', socket: /run/x.sock")).toMatch(/^keyway-/)
    expect(quiet("url: 'https://api.example.com'")).toBe(null)
  })

  test('ends the request that comes round with it', () => {
    const marker = markerOf('', near, RETURNED) as string
    for (const value of [marker, marker.toUpperCase(), `other, ${marker} ; a=b`, `x,${marker}`])
      expect(codeOf('', ['CDN-Loop', value])).toBe('loop_detected')
    for (const value of ['', 'other', `${marker}x`, `x;${marker}`])
      expect(codeOf('', ['CDN-Loop', value])).toBe('forwarded')
  })
})

describe('a name in Via', () => {
  test.each([
    ['1.1 edge', 'loop_detected'],
    ['1.1 EDGE', 'loop_detected'],
    ['1.0 fred, 1.1   edge (comment)', 'loop_detected'],
    ['2 edge', 'loop_detected'],
    ['1.1 edges', 'forwarded'],
    ['edge', 'forwarded'],
    ['1.1 fred (edge)', 'forwarded'],
    ['', 'forwarded'],
  ])('%j: %s', (via, code) => {
    expect(codeOf(', via: edge', ['Via', via])).toBe(code)
  })

  test('is not looked at where Keyway writes none', () => {
    expect(codeOf('', ['Via', '1.1 edge'])).toBe('forwarded')
    expect(codeOf(', via: edge', ['X-Via', '1.1 edge'])).toBe('forwarded')
  })
})
