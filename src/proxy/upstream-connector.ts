import { readFileSync } from 'node:fs'
import { buildConnector } from 'undici'
import type { NormalUpstream } from '../config/normal-config.ts'

/**
 * Builds what opens connections to an upstream: certificates verified unless the file says
 * otherwise, its own CA, client certificate and server name. Reads the named files; throws where
 * one can't be read.
 */
export function createConnector({ tls, limits }: NormalUpstream): buildConnector.connector {
  const options: buildConnector.BuildOptions = {
    timeout: limits.connectMs,
    rejectUnauthorized: !tls.insecure,
  }
  if (tls.ca !== null) options.ca = readFileSync(tls.ca)
  if (tls.cert !== null) options.cert = readFileSync(tls.cert)
  if (tls.key !== null) options.key = readFileSync(tls.key)
  const connect = buildConnector(options)
  const { servername } = tls
  if (servername === null) return connect
  return (target, callback) => connect({ ...target, servername }, callback)
}
