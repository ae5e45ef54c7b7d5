import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { expiryOf, readTlsFiles, tlsFaultOf } from '../../src/files/tls-files.ts'

const fixture = (name: string): string => join(import.meta.dirname, '../fixtures/tls', name)
const folder = mkdtempSync(join(tmpdir(), 'keyway-tls-'))
afterAll(() => rmSync(folder, { recursive: true }))

function written(name: string, content: string): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

const [server, serverKey] = [fixture('server.pem'), fixture('server.key')]
const text = written('text.pem', 'a note')
const broken = written(
  'broken.pem',
  '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
)
const { privateKey: encrypted } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: {
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'TEST',
  },
})
const locked = written('locked.key', encrypted)

const faults = [
  {
    name: 'a certificate that is missing',
    files: { cert: fixture('none.pem'), key: serverKey },
    file: fixture('none.pem'),
    reason: 'there is no such file',
  },
  {
    name: 'the two the wrong way round',
    files: { cert: serverKey, key: server },
    file: serverKey,
    reason: 'it holds no certificate in PEM, but a PRIVATE KEY',
  },
  {
    name: 'the key of another certificate',
    files: { cert: server, key: fixture('other.key') },
    file: fixture('other.key'),
    reason: `it is not the key of the certificate in ${server}`,
  },
  {
    name: 'a certificate in the place of the key',
    files: { cert: server, key: server },
    file: server,
    reason: 'it holds no private key in PEM, but a CERTIFICATE',
  },
  {
    name: 'a key under a passphrase',
    files: { cert: server, key: locked },
    file: locked,
    reason: 'its key is encrypted; write it without a passphrase',
  },
  {
    name: 'a certificate that is cut off',
    files: { cert: broken, key: serverKey },
    file: broken,
    reason: 'its CERTIFICATE can not be read',
  },
  {
    name: 'an authority that is a text',
    files: { ca: text, cert: null, key: null },
    file: text,
    reason: 'it holds no certificate in PEM',
  },
  {
    name: 'an authority that is a key',
    files: { ca: serverKey, cert: null, key: null },
    file: serverKey,
    reason: 'it holds no certificate in PEM, but a PRIVATE KEY',
  },
]

test.each(faults)('$name is named, with the reason', ({ files, file, reason }) => {
  const told = (() => {
    try {
      readTlsFiles(files)
    } catch (error) {
      return tlsFaultOf(error)
    }
    return null
  })()
  expect(told).toEqual({ file, reason })
})

test('a pair that fits is read, and an authority beside it', () => {
  const names = { ca: fixture('ca.pem'), cert: server, key: serverKey }
  expect(Object.keys(readTlsFiles(names))).toEqual(['ca', 'cert', 'key'])
  expect(readTlsFiles({ cert: null, key: null })).toEqual({})
})

test('a fault of something else has its code alone', () => {
  const error = Object.assign(new Error('sk-TEST'), { code: 'ERR_OTHER' })
  expect(tlsFaultOf(error)).toEqual({ file: null, reason: 'ERR_OTHER' })
})

test('only a certificate has an end', () => {
  expect(expiryOf(Buffer.from('a note'))).toBe(null)
})
