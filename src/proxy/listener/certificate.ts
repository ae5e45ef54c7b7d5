import { createSecureContext } from 'node:tls'
import type { NormalListen } from '../../config/shapes/normal-config.ts'
import { PEM_LIMIT_BYTES, readWhole } from '../../files/read-file.ts'

/** A certificate with its chain and its key, PEM. */
export interface Certificate {
  readonly cert: Buffer
  readonly key: Buffer
}

/** The files of a certificate are unreadable, or do not fit together; its message names no content. */
class CertificateError extends Error {
  override readonly name = 'CertificateError'
  readonly code = 'KEYWAY_CERTIFICATE'
}

/** Reads a listener's certificate and key; throws CertificateError where they can't be used. */
export function readCertificate({ cert, key }: NonNullable<NormalListen['tls']>): Certificate {
  try {
    const pair = { cert: readWhole(cert, PEM_LIMIT_BYTES), key: readWhole(key, PEM_LIMIT_BYTES) }
    createSecureContext(pair)
    return pair
  } catch (cause) {
    throw new CertificateError('the certificate or its key is unusable', { cause })
  }
}
