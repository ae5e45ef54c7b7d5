import { CantTell } from '../../config/checks/reasoning/verdict.ts'
import type { Test } from '../../config/shapes/config.generated.ts'
import { testOfDecision } from '../../proof/recorded-test.ts'
import { keyOfSeen, type SeenDecision, seenOf } from '../../proof/seen-decision.ts'
import type { World } from '../../proof/world.ts'
import { viewOfTest } from '../../testing/request.ts'

/** What becomes of a decision that was seen. */
export type Recorded =
  | { readonly type: 'test'; readonly test: Test }
  /** A test has it, or it was said that none can. */
  | { readonly type: 'known' }
  | { readonly type: 'no test'; readonly reason: string }

/** Turns decisions into tests, each kind of decision once. */
export interface Recorder {
  readonly take: (seen: SeenDecision, method: string | null) => Recorded
}

/** Creates a recorder of what a file decides; `tests` are there already. */
export function createRecorder(world: World, tests: readonly Test[]): Recorder {
  const names = new Set(tests.map(({ name }) => name))
  const keyOf = (test: Test): string =>
    keyOfSeen(seenOf(world.table().decide(viewOfTest(test, world.config))))
  const known = new Set(tests.map(keyOf))
  const write = (seen: SeenDecision, method: string | null): Recorded => {
    const test = testOfDecision(seen, method, world)
    if (test === null) return { type: 'no test', reason: whyNone(seen, world) }
    const key = keyOf(test)
    if (known.has(key)) return { type: 'known' }
    known.add(key)
    const named = { ...test, name: freeName(test.name, names) }
    names.add(named.name)
    return { type: 'test', test: named }
  }
  return {
    take(seen, method) {
      const key = keyOfSeen(seen)
      if (known.has(key)) return { type: 'known' }
      try {
        return write(seen, method)
      } catch (error) {
        if (!(error instanceof CantTell)) throw error
        return { type: 'no test', reason: `${describe(seen, world)}: ${error.message}` }
      } finally {
        known.add(key)
      }
    },
  }
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  let count = 2
  while (taken.has(`${name} (${count})`)) count += 1
  return `${name} (${count})`
}

function whyNone(seen: SeenDecision, world: World): string {
  return isOfFile(seen, world)
    ? `${describe(seen, world)}: no request that is decided so could be written down`
    : 'a decision by a route, rule or upstream that the file does not have'
}

function isOfFile({ route: name, rule, end, client }: SeenDecision, world: World): boolean {
  const { routes, clients } = world.config
  const route = routes.find((one) => one.name === name)
  if (client !== null && !clients?.tokens.some((one) => one.name === client)) return false
  if ('upstream' in end && !world.upstreams.has(end.upstream)) return false
  if (name === null) return true
  return route !== undefined && (rule === null || route.rules.some((one) => one.name === rule))
}

/** In names that the file or Keyway gives. */
function describe(seen: SeenDecision, world: World): string {
  const { route, end } = seen
  const where = route === null || !isOfFile(seen, world) ? 'no route' : `route ${route}`
  return 'code' in end ? `${where}, ${end.status} ${end.code}` : `${where}, to ${end.upstream}`
}
