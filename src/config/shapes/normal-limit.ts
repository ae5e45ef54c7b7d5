/** One entry of `limits`. */
export interface NormalLimit {
  readonly name: string
  /** Routes whose requests count; null: all. */
  readonly routes: readonly string[] | null
  readonly by: 'client' | 'credential' | 'address' | 'route'
  /** null: any number. */
  readonly requests: NormalRate | null
  /** Requests under way at once; null: any number. */
  readonly atOnce: number | null
}

/** So many requests within a time, which begins with the first one. */
export interface NormalRate {
  readonly count: number
  readonly windowMs: number
}

/** Where limits are counted for several machines. */
export interface NormalStore {
  /** URL, its password included. Never to be shown. */
  readonly redis: string
  /** Whether requests pass uncounted while it does not answer. */
  readonly isOpenWhenAway: boolean
}
