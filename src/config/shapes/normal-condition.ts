/** A tree whose leaves look at one thing each. `all` stands for keys side by side too. */
export type NormalCondition =
  | { readonly type: 'all' | 'any'; readonly of: readonly NormalCondition[] }
  | { readonly type: 'not'; readonly of: NormalCondition }
  | { readonly type: 'credential'; readonly matcher: NormalMatcher }
  | { readonly type: 'kind' | 'scheme' | 'source'; readonly in: readonly string[] }
  | { readonly type: 'method' | 'path' | 'host'; readonly matcher: NormalMatcher }
  | { readonly type: 'path-pattern'; readonly pattern: string }
  | { readonly type: 'header' | 'query'; readonly name: string; readonly matcher: NormalMatcher }
  | { readonly type: 'client-ip'; readonly in: readonly string[] }
  | { readonly type: 'client-name'; readonly matcher: NormalMatcher }

/** All that is set must hold. */
export interface NormalMatcher {
  readonly equals?: string
  readonly prefix?: string
  readonly suffix?: string
  readonly contains?: string
  readonly matches?: string
  readonly in?: readonly string[]
  readonly present?: boolean
}
