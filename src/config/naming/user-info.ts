/** Where the user and the password of a URL stand (RFC 3986 §3.2.1). */
const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)([^\s/?#"'<>@]*@)/gi

/** The text with something else in place of the user and the password of each URL in it, `@` included. */
export function replaceUserInfo(text: string, instead: (userInfo: string) => string): string {
  if (!text.includes('@')) return text
  return text.replaceAll(USER_INFO, (_, scheme, userInfo) => scheme + instead(userInfo))
}
