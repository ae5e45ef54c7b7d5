/** Schemes that carry one opaque token and can be exchanged for one another. */
export const OPAQUE_SCHEMES: ReadonlySet<string> = new Set([
  'bearer',
  'token',
  'key',
  'apikey',
  'api-key',
])

/**
 * Schemes whose credentials are bound to them: those of IANA's registry, and others that services
 * ask for. A first word that is neither here, nor opaque, nor named by the file is no scheme.
 */
const BOUND_SCHEMES: ReadonlySet<string> = new Set([
  'basic',
  'concealed',
  'digest',
  'dpop',
  'gnap',
  'hoba',
  'mutual',
  'negotiate',
  'ntlm',
  'kerberos',
  'oauth',
  'privatetoken',
  'scram-sha-1',
  'scram-sha-256',
  'vapid',
  'acs3-hmac-sha256',
  'apitoken',
  'aws',
  'aws4-ecdsa-p256-sha256',
  'aws4-hmac-sha256',
  'bot',
  'client-id',
  'discogs',
  'eg1-hmac-sha256',
  'geniekey',
  'goog4-hmac-sha256',
  'goog4-rsa-sha256',
  'googlelogin',
  'hawk',
  'hmac',
  'klaviyo-api-key',
  'mac',
  'oss',
  'sdk-hmac-sha256',
  'sharedaccesssignature',
  'sharedkey',
  'sharedkeylite',
  'signature',
  'splunk',
  'ssws',
  'tc3-hmac-sha256',
  'wsse',
  'zoho-oauthtoken',
])

/** Whether a word, in lower case, is a scheme; `named` are those that the file speaks of. */
export function isScheme(word: string, named: ReadonlySet<string>): boolean {
  return OPAQUE_SCHEMES.has(word) || BOUND_SCHEMES.has(word) || named.has(word)
}
