import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { NormalListen } from '../../config/shapes/normal-config.ts'

/** A certificate with its chain and its key, PEM. */
export interface Certificate {
  readonly cert: Buffer
  readonly key: Buffer
}

/** The files of a certificate are unreadable, or do not fit together; its message names no content. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError'
  readonly code = 'KEYWAY_CERTIFICATE'
}

/** Reads a listener's certificate and key; throws CertificateError where they can't be used. */
export function readCertificate({ cert, key }: NonNullable<NormalListen['tls']>): Certificate {
  try {
    const pair = { cert: readFileSync(cert), key: readFileSync(key) }
    createSecureContext(pair)
    return pair
  } catch (cause) {
    throw new CertificateError('the certificate or its key is unusable', { cause })
  }
}
