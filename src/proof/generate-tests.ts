import type { Test } from '../config/shapes/config.generated.ts'
import { runTest } from '../testing/run-test.ts'
import { listClasses } from './classes/all-classes.ts'
import { isDecidedSo, requestOfClass } from './classes/class-requests.ts'
import type { World } from './world.ts'
import { withMarkedCredential, writeTest } from './write-test.ts'

/** Writes one test for each class of decisions of a file: the requests pass, and say what becomes of them now. */
export function generateTests(world: World): readonly Test[] {
  const names = new Map<string, number>()
  return listClasses(world).classes.flatMap((one): Test[] => {
    if (one.fallback !== null) return []
    const request = requestOfClass(one, world)
    // A test names an address that its client has.
    if (request === null || request.peerIp === '') return []
    const isOne = (changed: typeof request): boolean => isDecidedSo(changed, one, world)
    const test = writeTest(withMarkedCredential(request, world, isOne), world)
    const count = (names.get(test.name) ?? 0) + 1
    names.set(test.name, count)
    const named = count === 1 ? test : { ...test, name: `${test.name} (${count})` }
    return runTest(named, world.config, world.table()).differences.length === 0 ? [named] : []
  })
}
