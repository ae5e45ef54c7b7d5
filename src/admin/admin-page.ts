import type { ServerResponse } from 'node:http'

/** What a page of the admin listener answers; never a credential. */
export interface AdminAnswer {
  readonly status: number
  /** Content-Type of the body. */
  readonly type: string
  readonly body: string | Buffer
  /** The methods that the page takes, where it was asked by another. */
  readonly allow?: string
}

/** What a page is asked for. */
export interface AdminRequest {
  /** The Accept field; empty where there is none. */
  readonly accept: string
}

/** Makes the answer to one GET of a page. */
export type AdminPage = (request: AdminRequest) => AdminAnswer | Promise<AdminAnswer>

/** Pages by their path, such as `/healthz`. */
export type AdminPages = Readonly<Record<string, AdminPage>>

/** Makes the answer to one POST, from its body. */
export type AdminAction = (body: string) => AdminAnswer | Promise<AdminAnswer>

/** Writes to a response for as long as it is open. */
export type AdminStream = (response: ServerResponse) => void

/** A line of text as an answer. */
export function textAnswer(status: number, line: string): AdminAnswer {
  return { status, type: 'text/plain; charset=utf-8', body: `${line}\n` }
}

/** Data as an answer, for programs and readable by people. */
export function jsonAnswer(data: unknown, status = 200): AdminAnswer {
  return { status, type: 'application/json', body: `${JSON.stringify(data, null, 2)}\n` }
}
