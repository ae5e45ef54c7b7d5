/** What a page of the admin listener answers; never a credential. */
export interface AdminAnswer {
  readonly status: number
  /** Content-Type of the body. */
  readonly type: string
  readonly body: string
}

/** Makes the answer to one GET of a page. */
export type AdminPage = () => AdminAnswer | Promise<AdminAnswer>

/** Pages by their path, such as `/healthz`; metrics, live configuration and the like are further entries. */
export type AdminPages = Readonly<Record<string, AdminPage>>

/** A line of text as an answer. */
export function textAnswer(status: number, line: string): AdminAnswer {
  return { status, type: 'text/plain; charset=utf-8', body: `${line}\n` }
}
