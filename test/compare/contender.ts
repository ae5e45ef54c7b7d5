/** Header fields as they stand on the wire, names in lower case. */
export type Headers = readonly (readonly [name: string, value: string])[]

/** What became of a request: the credential headers that left, or the status it was refused with. */
export type Outcome = Headers | number

/** Something that decides requests by the rule of docs/compare.md. */
export interface Contender {
  /** What becomes of requests with these headers, one outcome each. */
  decide(requests: readonly Headers[]): Promise<readonly Outcome[]>
  close(): Promise<void>
}

const CREDENTIAL_HEADERS = new Set(['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'])

/** The headers that can hold a credential, by name. */
export function onlyCredentials(headers: Headers): Headers {
  const found = headers.filter(([name]) => CREDENTIAL_HEADERS.has(name))
  return found.sort(([one], [other]) => (one < other ? -1 : 1))
}
