import type { Test } from '../config/shapes/config.generated.ts'
import type { RequestView } from '../routing/rules/request-view.ts'
import { runTest } from '../testing/run-test.ts'
import { listClasses } from './classes/all-classes.ts'
import { isDecidedSo, requestOfClass } from './classes/class-requests.ts'
import { measureCoverage } from './coverage.ts'
import type { World } from './world.ts'
import { withMarkedCredential, writeTest } from './write-test.ts'

/** Writes one test for each class of decisions of a file, and for what none of them reaches: the requests pass, and say what becomes of them now. */
export function generateTests(world: World): readonly Test[] {
  const requests = listClasses(world).classes.flatMap((one): RequestView[] => {
    const request = one.fallback === null ? requestOfClass(one, world) : null
    const isOne = (changed: RequestView): boolean => isDecidedSo(changed, one, world)
    return request === null ? [] : [withMarkedCredential(request, world, isOne)]
  })
  const tests = testsOf(requests, world)
  // What Keyway refuses in the end is of no class, and gets to rules too.
  const { unreached } = measureCoverage(
    tests.map(({ request }) => request),
    world,
  )
  const others = testsOf(
    unreached.flatMap(({ request }) => request ?? []),
    world,
  )
  return withNumbers([...tests, ...others].map(({ test }) => test))
}

interface Tested {
  readonly test: Test
  readonly request: RequestView
}

/** Tests of requests, each of which passes. */
function testsOf(requests: readonly RequestView[], world: World): readonly Tested[] {
  return requests.flatMap((request): Tested[] => {
    // A test names an address that its client has.
    if (request.peerIp === '') return []
    const test = writeTest(request, world)
    const result = runTest(test, world.config, world.table())
    return result.differences.length === 0 ? [{ test, request: result.request }] : []
  })
}

/** The same tests, those of one name told apart. */
function withNumbers(tests: readonly Test[]): readonly Test[] {
  const names = new Map<string, number>()
  return tests.map((test) => {
    const count = (names.get(test.name) ?? 0) + 1
    names.set(test.name, count)
    return count === 1 ? test : { ...test, name: `${test.name} (${count})` }
  })
}
