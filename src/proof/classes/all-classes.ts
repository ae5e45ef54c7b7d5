import { CantTell } from '../../config/checks/reasoning/verdict.ts'
import type { DecisionClass } from '../outcome.ts'
import type { World } from '../world.ts'
import { classesOf } from './classes.ts'
import { unroutedClass } from './unrouted.ts'

/** The classes of decisions of a file; routes whose classes are too many to list are left out, and named. */
export interface ClassList {
  readonly classes: readonly DecisionClass[]
  /** Why classes are missing. */
  readonly doubts: readonly string[]
}

/** Lists all classes of decisions of a file, in its order; those that no route takes come last. */
export function listClasses(world: World): ClassList {
  const classes: DecisionClass[] = []
  const doubts: string[] = []
  for (const route of world.config.routes) {
    try {
      classes.push(...classesOf(route, world))
    } catch (error) {
      if (!(error instanceof CantTell)) throw error
      doubts.push(error.message)
    }
  }
  return { classes: [...classes, unroutedClass(world)], doubts }
}
