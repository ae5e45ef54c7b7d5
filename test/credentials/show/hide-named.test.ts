import { expect, test } from 'vitest'
import { createKindScanner } from '../../../src/config/naming/kind-scanner.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'
import { hideInPath, hideNamed } from '../../../src/credentials/show/hide-named.ts'

/** Built anew for each test, so that what builds it is tested by them. */
const scan = () => createKindScanner(loadCatalogue().kinds)
const KEY = 'sk-proj-FAKEfakeFAKE1234'

test.each([
  ['alone', KEY, '<openai>'],
  ['behind a word', `x ${KEY} y`, 'x <openai> y'],
  ['in quotes', `"${KEY}"`, '"<openai>"'],
  ['in a URL', `https://a.example/?key=${KEY}&b=1`, 'https://a.example/?key=<openai>&b=1'],
  ['in a path', `a /bot/${KEY}/x b`, 'a /bot/<openai>/x b'],
  ['with a slash of its own', 'x-key: ABSKFAKEfake1234/AB==;b', 'x-key: <bedrock>;b'],
  ['as userinfo', `https://user:${KEY}@a.example/`, 'https://a.example/'],
  ['of no kind, as userinfo', 'https://user:pass@a.example/', 'https://a.example/'],
  [
    'in a subprotocol',
    `realtime, openai-insecure-api-key.${KEY}`,
    'realtime, openai-insecure-api-key.<openai>',
  ],
  ['percent-encoded', `a%22${KEY}%22`, 'a%22<openai>'],
  ['with its own signs encoded', 'a/sk%2Dproj%2DFAKEfake1234', 'a/<openai>'],
  ['percent-encoded twice', 'a/sk%252Dproj%252DFAKEfake1234', 'a/<openai>'],
  ['in base64', btoa(KEY), '<openai>'],
  ['as Basic', `Basic ${btoa(`u:${KEY}`)}`, '<openai>'],
  ['twice', `${KEY},gsk_FAKE1234fake`, '<openai>,<groq>'],
  ['a short one', 'hf_FAKE1', '<huggingface>'],
  [
    'a word',
    'sk-SK hf_hub sk-ant-api03-… task-sk-proj-FAKE1234',
    'sk-SK hf_hub sk-ant-api03-… task-sk-proj-FAKE1234',
  ],
])('%s', (_, text, shown) => {
  expect(hideNamed(text, scan(), ({ name }) => `<${name}>`)).toBe(shown)
})

test('a label is given the characters that it stands for', () => {
  expect(hideNamed(`a ${KEY} b`, scan(), (_, value) => `[${value}]`)).toBe(`a [${KEY}] b`)
})

test.each([
  ['a segment', `/bot/${KEY}/x`, [], '/bot/<openai>/x'],
  ['part of a segment', `/bot${KEY}`, [], `/bot${KEY}`],
  ['a value in use', '/bot/abc123/x', ['abc123'], '/bot/<credential>/x'],
  ['a value in use, encoded', '/bot/abc%3D/x', ['abc='], '/bot/<credential>/x'],
  ['a value in use, encoded twice', '/bot/abc%253d/x', ['abc='], '/bot/<credential>/x'],
  ['a value in use, in base64', `/bot/${btoa('abc=12')}/x`, ['abc=12'], '/bot/<credential>/x'],
  ['userinfo', 'http://u:p@a.example/x', [], 'http://a.example/x'],
  ['nothing', '/v1/messages', ['abc'], '/v1/messages'],
  ['a value that is empty', '/v1/messages', [''], '/v1/messages'],
  ['a value in use, twice', '/abc123/abc123', ['abc123'], '/<credential>/<credential>'],
  ['a key without a slash', KEY, [], '<openai>'],
  ['a key behind an encoded slash', `/bot%2F${KEY}`, [], '/bot%2F<openai>'],
  ['a key with its own signs encoded', '/bot/sk%2Dproj%2DFAKEfake1234', [], '/bot/<openai>'],
])('of a path: %s', (_, path, values, shown) => {
  expect(hideInPath(path, scan(), values)).toBe(shown)
})
