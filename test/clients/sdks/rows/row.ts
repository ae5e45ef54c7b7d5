/** One client of one provider: what it is set up with, and what has to arrive. */
export interface Row {
  readonly provider: string
  /** As the catalogue names it. */
  readonly client: string
  /** A key of the shape that the provider gives out. */
  readonly key: string
  /** Resolves to the text of the answer. */
  readonly call: (baseUrl: string, key: string) => Promise<unknown>
  /** The last request that the provider gets, as `METHOD target`. */
  readonly sent: string
  /** The one credential on it. */
  readonly leaves: string
}

/** What every provider answers. */
export const TEXT = 'Hello, Wörld'

/** The shortest conversation. */
export const messages: [{ role: 'user'; content: string }] = [{ role: 'user', content: 'Hi' }]
