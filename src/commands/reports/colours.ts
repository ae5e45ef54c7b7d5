import { createPaint, type Paint, PLAIN } from '../../config/diagnostics/paint.ts'
import type { CommandIo } from '../command.ts'

/** Whether a stream shows colours: on a terminal, unless NO_COLOR (https://no-color.org) is set. */
export function showsColours(
  { isTTY = false }: { readonly isTTY?: boolean },
  env: CommandIo['env'],
): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0'
  return isTTY && env.TERM !== 'dumb'
}

/** The paint for what a command writes to one of its streams. */
export function paintOf({ colours }: CommandIo, stream: 'stdout' | 'stderr'): Paint {
  return colours?.[stream] ? createPaint() : PLAIN
}
