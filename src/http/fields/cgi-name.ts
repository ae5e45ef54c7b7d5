/** Names that CGI and its kin leave as they are, but for case and dashes. */
const PLAIN = /^[a-z0-9-]*$/

/**
 * The dashed name that CGI-style servers can't tell from this one, in lower case (RFC 3875 §4.1.18
 * and what is made of it: `X_Tenant` and `X.Tenant` are HTTP_X_TENANT); null: it is that itself.
 */
export function dashedTwin(name: string): string | null {
  return PLAIN.test(name) ? null : name.replaceAll(/[^a-z0-9]/g, '-')
}
