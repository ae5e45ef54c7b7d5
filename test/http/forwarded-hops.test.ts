import { expect, test } from 'vitest'
import { readForwarded, readForwardedFor } from '../../src/http/fields/forwarded-hops.ts'

const chains: Readonly<Record<string, readonly (string | null)[]>> = {
  '': [],
  '198.51.100.9': ['198.51.100.9'],
  '198.51.100.9:54321': ['198.51.100.9'],
  '198.51.100.9, 10.0.0.1': ['198.51.100.9', '10.0.0.1'],
  ' 198.51.100.9 ,, 10.0.0.1,': ['198.51.100.9', '10.0.0.1'],
  '2001:db8::1': ['2001:db8::1'],
  '[2001:db8::1]': ['2001:db8::1'],
  '[2001:db8::1]:443': ['2001:db8::1'],
  '::ffff:198.51.100.9': ['::ffff:198.51.100.9'],
  unknown: [null],
  _hidden: [null],
  '3325256713': [null],
  '0306.0063.0144.0011': [null],
  '0xc6.0x33.0x64.0x09': [null],
  '198.51.25609': [null],
  '198.51.100.09': [null],
  '198.51.100.256': [null],
  '198.51.100.9:': [null],
  '198.51.100.9:port': [null],
  '[198.51.100.9]': [null],
  '[2001:db8::1': [null],
  '[2001:db8::1]x': [null],
  'for=198.51.100.9': [null],
  '198.51.100.9 10.0.0.1': [null],
  '198.51.100.10:8080': ['198.51.100.10'],
  'x198.51.100.9:80': [null],
  '198.51.100.9:80x': [null],
  'x[2001:db8::1]': [null],
  '[2001:db8::1]:port': [null],
  '10.0.0.1, unknown': ['10.0.0.1', null],
}

test.each(Object.entries(chains))('X-Forwarded-For: %s', (value, hops) => {
  expect(readForwardedFor(value)).toEqual(hops)
})

const elements: Readonly<Record<string, readonly (string | null)[]>> = {
  '': [],
  'for=198.51.100.9': ['198.51.100.9'],
  'For="198.51.100.9:80"; proto=http;by=10.0.0.1': ['198.51.100.9'],
  'proto=https;for="[2001:db8::1]:4711"': ['2001:db8::1'],
  'for="[2001:db8::1]", for=10.0.0.1': ['2001:db8::1', '10.0.0.1'],
  'for=198.51.100.9;host="a, for=192.0.2.1; b"': ['198.51.100.9'],
  'for="198.51.100\\.9"': ['198.51.100.9'],
  'for=unknown': [null],
  'for=_hidden, for=10.0.0.1': [null, '10.0.0.1'],
  'proto=https': [null],
  'for=198.51.100.9;for=192.0.2.1': [null],
  'for="198.51.100.9': [null],
  'for=': [null],
  'for=2001:db8::1': ['2001:db8::1'],
  'xfor=198.51.100.9': [null],
  'forx=198.51.100.9': [null],
  for: [null],
  'for=198.51.100.9"': [null],
  'for=198.51.100.9;by="a\\", for=192.0.2.1"': ['198.51.100.9'],
  'for=198.51.100.9, , for=192.0.2.1': ['198.51.100.9', '192.0.2.1'],
  ' proto=http ; for=198.51.100.9 ': ['198.51.100.9'],
}

test.each(Object.entries(elements))('Forwarded: %s', (value, hops) => {
  expect(readForwarded(value)).toEqual(hops)
})
