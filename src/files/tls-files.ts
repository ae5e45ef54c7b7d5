import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { FileError } from './file-error.ts'
import { PEM_LIMIT_BYTES, readWhole } from './read-file.ts'

/** Names of the files that TLS is spoken with, all PEM; null: there is none. */
export interface TlsFileNames {
  readonly ca?: string | null
  readonly cert: string | null
  readonly key: string | null
}

/** What stands in the files of TLS that there are. */
export interface TlsFiles {
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
}

/** The code of a TlsFileError. */
export const TLS_FILE_CODE = 'KEYWAY_CERTIFICATE'

/** A file of TLS can't be used; its message names the file and says why, and shows nothing of its content. */
class TlsFileError extends Error {
  override readonly name = 'TlsFileError'
  readonly code: typeof TLS_FILE_CODE = TLS_FILE_CODE
  readonly file: string
  readonly reason: string

  constructor(file: string, reason: string, cause?: unknown) {
    super(`${file}: ${reason}`, { cause })
    this.file = file
    this.reason = reason
  }
}

/** Reads the files that TLS is spoken with; throws TlsFileError where one can't be used, or the pair does not fit. */
export function readTlsFiles({ ca = null, cert, key }: TlsFileNames): TlsFiles {
  const files = {
    ...(ca !== null && { ca: readPem(ca) }),
    ...(cert !== null && { cert: readPem(cert) }),
    ...(key !== null && { key: readPem(key) }),
  }
  if (ca !== null && files.ca) parseCertificate(ca, files.ca)
  const certificate = cert !== null && files.cert ? parseCertificate(cert, files.cert) : null
  const privateKey = key !== null && files.key ? parseKey(key, files.key) : null
  if (key !== null && certificate && privateKey && !certificate.checkPrivateKey(privateKey))
    throw new TlsFileError(key, `it is not the key of the certificate in ${cert}`)
  const first = cert ?? ca
  if (first !== null) tryContext(first, files)
  return files
}

/** Which file of TLS can't be used, and why, as a log tells it. */
export interface TlsFault {
  /** null: it is none of the files by itself. */
  readonly file: string | null
  readonly reason: string
}

/** Says what readTlsFiles, or who uses what it read, threw. */
export function tlsFaultOf(error: unknown): TlsFault {
  if (error instanceof TlsFileError) return { file: error.file, reason: error.reason }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return { file: null, reason: code }
}

/** When the first certificate of a PEM file ends; null where none stands in it. */
export function expiryOf(pem: Buffer): Date | null {
  try {
    return new Date(new X509Certificate(pem).validTo)
  } catch {
    return null
  }
}

/** What each file tells by itself is known by now: left are the rest of a chain, and keys that are too weak. */
function tryContext(file: string, files: TlsFiles): void {
  try {
    process.getBuiltinModule('node:tls').createSecureContext(files)
  } catch (cause) {
    throw new TlsFileError(file, 'TLS can not be spoken with what it holds', cause)
  }
}

function readPem(file: string): Buffer {
  try {
    return readWhole(file, PEM_LIMIT_BYTES)
  } catch (cause) {
    throw new TlsFileError(file, cause instanceof FileError ? cause.message : 'unreadable', cause)
  }
}

function parseCertificate(file: string, pem: Buffer): X509Certificate {
  try {
    if (isPem(pem)) return new X509Certificate(pem)
  } catch {}
  throw new TlsFileError(file, lacks('certificate', 'CERTIFICATE', pem))
}

function parseKey(file: string, pem: Buffer): KeyObject {
  try {
    if (isPem(pem)) return createPrivateKey(pem)
  } catch (cause) {
    if (isEncrypted(pem))
      throw new TlsFileError(file, 'its key is encrypted; write it without a passphrase', cause)
  }
  throw new TlsFileError(file, lacks('private key', 'PRIVATE KEY', pem))
}

function isPem(bytes: Buffer): boolean {
  return bytes.includes('-----BEGIN ')
}

function isEncrypted(pem: Buffer): boolean {
  return pem.includes('ENCRYPTED')
}

/** Says what stands there in the place of what is wanted, as far as its label tells. */
function lacks(wanted: string, label: string, pem: Buffer): string {
  const found = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(pem.toString('latin1'))?.[1]
  if (found?.endsWith(label)) return `its ${found} can not be read`
  return `it holds no ${wanted} in PEM${found === undefined ? '' : `, but a ${found}`}`
}
