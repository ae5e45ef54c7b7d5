import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A certificate for api.anthropic.com at 127.0.0.1, and the authority that signed it. */
export interface Certificates {
  readonly key: string
  readonly cert: string
  readonly caFile: string
}

/** Makes an authority and a certificate with openssl, in a folder. */
export function createCertificates(folder: string, name: string): Certificates {
  const at = (file: string) => join(folder, `${name}-${file}`)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl(
    ...['req', '-x509', ...key, '-days', '2', '-subj', `/CN=${name} TEST CA`],
    ...['-keyout', at('ca.key'), '-out', at('ca.pem')],
  )
  openssl(
    ...['req', ...key, '-subj', '/CN=api.anthropic.com'],
    ...['-keyout', at('key.pem'), '-out', at('request.pem')],
  )
  writeFileSync(at('extensions'), 'subjectAltName=DNS:api.anthropic.com,IP:127.0.0.1\n')
  openssl(
    ...['x509', '-req', '-in', at('request.pem'), '-days', '2', '-extfile', at('extensions')],
    ...['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-out', at('cert.pem')],
  )
  return {
    key: readFileSync(at('key.pem'), 'utf8'),
    cert: readFileSync(at('cert.pem'), 'utf8'),
    caFile: at('ca.pem'),
  }
}
