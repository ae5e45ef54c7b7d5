import { describe, expect, test } from 'vitest'
import type { Place } from '../../src/config/shapes/normal-config.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { createKindTeller } from '../../src/credentials/kind-teller.ts'
import { type FieldReader, readField } from '../../src/credentials/read-field.ts'

const reader: FieldReader = {
  ...createKindTeller(loadCatalogue().kinds),
  namedSchemes: new Set(['house']),
}

const AUTHORIZATION: Place = { in: 'header', name: 'authorization' }
const API_KEY: Place = { in: 'header', name: 'x-api-key' }

const ANT = 'sk-ant-api03-FAKEfakeFAKE'
const OAT = 'sk-ant-oat01-FAKEfakeFAKE'
const basic = (text: string): string => `Basic ${btoa(text)}`

/** What was read, in words: scheme, value, kind, and whether it may be written under another scheme. */
function read(place: Place, raw: string): string {
  const reading = readField(place, raw, reader)
  if (reading === null) return 'nothing'
  if (reading === 'malformed') return 'malformed'
  const { scheme, value, kind, isOpaque } = reading
  return `${scheme ?? 'bare'} ${value} ${kind.name}${isOpaque ? '' : ', bound'}`
}

describe('Authorization', () => {
  test.each([
    ['', 'nothing'],
    ['  \t ', 'nothing'],
    ['Bearer', 'nothing'],
    ['bEARER', 'nothing'],
    ['Basic', 'nothing'],
    ['house', 'nothing'],
    ['opaque-TEST', 'bare opaque-TEST unknown'],
    [ANT, `bare ${ANT} anthropic-api-key`],
    [`Bearer ${ANT}`, `bearer ${ANT} anthropic-api-key`],
    [`  bEARER \t ${ANT} `, `bearer ${ANT} anthropic-api-key`],
    [`Token ${ANT}`, `token ${ANT} anthropic-api-key`],
    [`Key ${ANT}`, `key ${ANT} anthropic-api-key`],
    [`ApiKey ${ANT}`, `apikey ${ANT} anthropic-api-key`],
    [`Api-Key ${ANT}`, `api-key ${ANT} anthropic-api-key`],
    [`Bearer ${ANT} ${OAT}`, 'malformed'],
    [`Bearer ${ANT},${OAT}`, 'malformed'],
    [`Bearer ${ANT}, Basic dTpw`, 'malformed'],
    [`${ANT},${OAT}`, 'malformed'],
    [`${ANT} ${OAT}`, 'malformed'],
    [`Unheard ${ANT}`, 'malformed'],
    [`House ${ANT}`, `house ${ANT} anthropic-api-key, bound`],
    ['House a=b, c="d e"', 'house a=b, c="d e" unknown, bound'],
    [`House ${ANT}, Bearer other`, 'malformed'],
    [`House key=x, other=${ANT}`, 'malformed'],
    [
      'Digest username="u v", uri = "/", qop=auth',
      'digest username="u v", uri = "/", qop=auth unknown, bound',
    ],
    [
      'Digest username="u \\" Basic x", qop=auth',
      'digest username="u \\" Basic x", qop=auth unknown, bound',
    ],
    [
      'AWS4-HMAC-SHA256 Credential=a/b, Signature=c',
      'aws4-hmac-sha256 Credential=a/b, Signature=c aws-signature, bound',
    ],
    [`Bearer token=opaque-TEST`, 'bearer token=opaque-TEST unknown'],
    ['Token my-token=x', 'token my-token=x unknown'],
    ['Digest a  =  b, c=d', 'digest a  =  b, c=d unknown, bound'],
    ['Digest a=b, =c', 'malformed'],
    ['Negotiate YII=', 'negotiate YII= unknown, bound'],
    ['Negotiate YII= Bearer x', 'malformed'],
    ['Digest a="x y" z, b=c', 'malformed'],
    ['Digest a=b,  c=d', 'digest a=b,  c=d unknown, bound'],
    ['Digest a=b, c=d,', 'digest a=b, c=d, unknown, bound'],
    ['Digest a=b, ,=c', 'malformed'],
    [`House key=x, other=sk-F1-x`, 'house key=x, other=sk-F1-x unknown, bound'],
  ])('%j is %s', (raw, wanted) => {
    expect(read(AUTHORIZATION, raw)).toBe(wanted)
  })

  test.each([
    { name: 'user and password', text: 'user:pass-TEST', is: 'unknown' },
    { name: 'a key as password', text: `user:${ANT}`, is: 'anthropic-api-key' },
    { name: 'a key as user', text: `${ANT}:`, is: 'anthropic-api-key' },
    { name: 'a key without a colon', text: ANT, is: 'anthropic-api-key' },
    { name: 'a key as user, anything as password', text: `${ANT}:x`, is: 'anthropic-api-key' },
    { name: 'a key amid the user', text: `me ${ANT}:pass-TEST`, is: 'unknown' },
    { name: 'a key as user, no password', text: `${ANT}:`, is: 'anthropic-api-key' },
    { name: 'what is hidden sooner, as user', text: 'sk-F1-x:pass-TEST', is: 'unknown' },
    { name: 'the same kind as both', text: `${ANT}:${ANT}`, is: 'anthropic-api-key' },
  ])('Basic with $name is of kind $is', ({ text, is }) => {
    expect(read(AUTHORIZATION, basic(text))).toBe(`basic ${btoa(text)} ${is}, bound`)
  })

  test.each([
    { name: 'two kinds', raw: basic(`${ANT}:${OAT}`) },
    { name: 'two words', raw: 'Basic dTpw dTpw' },
    { name: 'no base64', raw: 'Basic u:p' },
    { name: 'three equals signs', raw: 'Basic dTpw===' },
  ])('Basic with $name is malformed', ({ raw }) => {
    expect(read(AUTHORIZATION, raw)).toBe('malformed')
  })

  test.each([
    [`Token token="${ANT}"`, `token ${ANT} anthropic-api-key`],
    [`Token token=${ANT}`, `token ${ANT} anthropic-api-key`],
    [`Token TOKEN = "${ANT}"`, `token ${ANT} anthropic-api-key`],
    [`Token token="${ANT}", nonce="x y"`, `token ${ANT} anthropic-api-key, bound`],
    [`Token token="${ANT}"; a=b`, `token ${ANT} anthropic-api-key, bound`],
    [`Token token="${ANT}", other="${OAT}"`, 'malformed'],
    [`Token token="${ANT}", Bearer x`, 'malformed'],
    ['Token token=""', 'malformed'],
    ['Token token="a b"', 'malformed'],
    ['Token token="a,b"', 'malformed'],
    ['Token token=', 'malformed'],
    ['Token tokens', 'token tokens unknown'],
  ])('%j is %s', (raw, wanted) => {
    expect(read(AUTHORIZATION, raw)).toBe(wanted)
  })
})

describe('any other place', () => {
  test.each([
    ['', 'nothing'],
    [ANT, `bare ${ANT} anthropic-api-key`],
    ['Bearer', 'bare Bearer unknown'],
    [`Bearer ${ANT}`, `bearer ${ANT} anthropic-api-key`],
    [basic('user:pass'), 'malformed'],
    [`House ${ANT}`, 'malformed'],
    [`${ANT}, ${OAT}`, 'malformed'],
    [`${ANT},${OAT}`, 'malformed'],
    [`${ANT} ${OAT}`, 'malformed'],
  ])('%j is %s', (raw, wanted) => {
    for (const place of [API_KEY, { in: 'query', name: 'authorization' }] as const)
      expect(read(place, raw)).toBe(wanted)
  })
})
