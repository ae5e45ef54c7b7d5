import { describe, expect, test } from 'vitest'
import { compileText, view } from '../support/compile-text.ts'

/** Built anew for each test, so that what builds it is tested by them. */
const tableOf = () =>
  compileText(`
version: 1
upstreams: { up: 'https://api.example.com' }
routes:
  - { name: models, match: { path: /v1/models }, upstream: up }
  - { name: post-only, match: { path: /v1/messages, methods: [POST] }, upstream: up }
  - { name: far, match: { path: /somewhere/else/entirely/* }, upstream: up }
  - name: ruled
    match: { path: /ruled/* }
    upstream: up
    rules:
      - { name: oauth, if: { credential: { kind: anthropic-oauth } }, use: authorization bearer }
      - name: both
        if: { all: [{ method: POST }, { header: { x-team: red } }] }
        use: x-api-key
        else: { use: none }
`).table

describe('explain', () => {
  test('says why no route was taken, the nearest first', () => {
    const { route, otherRoutes } = tableOf().explain(view('/v1/messages'))
    expect(route).toBe(null)
    expect(otherRoutes[0]).toMatchObject({
      name: 'post-only',
      misses: ['method is GET, wanted POST'],
    })
    expect(otherRoutes.map(({ name }) => name)).toEqual(['post-only', 'models', 'ruled', 'far'])
  })

  test('gives each rule its verdict and each part of a condition its truth', () => {
    const { rules } = tableOf().explain(
      view('/ruled/x', ['x-api-key', 'sk-ant-api03-FAKE', 'x-team', 'blue'], { method: 'POST' }),
    )
    expect(rules).toEqual([
      {
        name: 'oauth',
        verdict: 'passed over',
        condition: {
          description: 'credential kind anthropic-oauth',
          holds: false,
          observed: 'credential kind is anthropic-api-key',
          parts: [],
        },
      },
      {
        name: 'both',
        verdict: 'else',
        condition: {
          description: 'method is POST and header x-team is red',
          holds: false,
          observed: null,
          parts: [
            { description: 'method is POST', holds: true, observed: null, parts: [] },
            {
              description: 'header x-team is red',
              holds: false,
              observed: 'there is another x-team',
              parts: [],
            },
          ],
        },
      },
    ])
  })

  test('says which rules were not reached', () => {
    const { rules } = tableOf().explain(view('/ruled/x', ['x-api-key', 'sk-ant-oat01-FAKE']))
    expect(rules.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['oauth', 'held'],
      ['both', 'not reached'],
    ])
  })

  test('names a route that matches but is outranked', () => {
    const { table: two } = compileText(`
version: 1
upstreams: { up: 'https://api.example.com' }
routes:
  - { name: wide, match: { path: /* }, upstream: up }
  - { name: narrow, match: { path: /a }, upstream: up }
`)
    expect(two.explain(view('/a'))).toMatchObject({
      route: 'narrow',
      otherRoutes: [{ name: 'wide', isOutranked: true, misses: [] }],
    })
  })
})
