/** What one process is asked to try. */
export interface Round {
  /** Where each step is written down as it is made: a process that hangs tells nothing any more. */
  readonly journal: string
  /** Changes that nobody has noticed yet. */
  readonly alive: readonly string[]
  /** Tests that are through with all of them. */
  readonly done: readonly string[]
  /** Changes that a test was tried with already. */
  readonly tried: Readonly<Record<string, readonly string[]>>
  /** Changes that earlier runs have tried with all tests of a file. */
  readonly lived: Readonly<Record<string, readonly string[]>>
  /**
   * How many tests of one file try a change. What so many have reached and not noticed is given up
   * there: all tests reach some of the code, and what nobody can notice would be tried thousands of times.
   */
  readonly tries: number
  /** What each test tries, others not being run; `look`: none tries any, all show what they reach; null: all that it reaches. */
  readonly plan: Readonly<Record<string, readonly string[]>> | 'look' | null
  /** One change alone, from the start of the process, with these tests; null: all of them. */
  readonly only: { readonly mutant: string; readonly tests: readonly string[] } | null
}

/** One step; `pid` is the process that makes it. */
export type Progress =
  | { readonly event: 'run'; readonly test: string; readonly pid: number }
  | { readonly event: 'try'; readonly mutant: string; readonly test: string; readonly pid: number }
  /** What a test reaches; what is reached outside of all tests. */
  | { readonly event: 'covered'; readonly test: string; readonly mutants: readonly string[] }
  | { readonly event: 'static'; readonly mutants: readonly string[] }
  | { readonly event: 'killed'; readonly mutant: string; readonly test: string }
  /** It failed, and failed without the change too: it is to be tried in a process of its own. */
  | { readonly event: 'doubted'; readonly mutant: string; readonly test: string }
  /** Not reached, though the test reaches it in another order: what it makes was kept from before. */
  | {
      readonly event: 'lived'
      readonly mutant: string
      readonly test: string
      readonly isReached: boolean
    }
  | { readonly event: 'done'; readonly test: string }
  /** A file whose tests are all through. */
  | { readonly event: 'end'; readonly file: string }
  /** It fails in a process in which changes were tried; it fails, or can't be run twice. */
  | { readonly event: 'dirty' | 'broken'; readonly test: string }
