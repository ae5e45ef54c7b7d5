import type { NormalMatcher } from '../../shapes/normal-config.ts'

/** What every text that matches plainly starts with; null: that is not known, or such texts are listed. */
export function requiredPrefix({
  equals,
  in: list,
  prefix,
  matches,
}: NormalMatcher): string | null {
  if (equals !== undefined || list !== undefined) return null
  const start = matches === undefined ? null : startOf(matches)
  if (start === null || prefix === undefined) return start ?? prefix ?? null
  return start.length > prefix.length ? start : prefix
}

/** The letters that a pattern such as ^sk-ant-oat\d+ begins with. */
function startOf(pattern: string): string | null {
  if (/\||\(\?/.test(pattern)) return null
  const start = /^\^((?:[A-Za-z0-9_\-/ :@#%&=,;!~<>"'`]|\\[.+*?()[\]{}|^$\\/-])+)(?![*?{])/.exec(
    pattern,
  )
  const isWhole = start !== null && pattern.slice(start[0].length) === '$'
  return start === null || isWhole ? null : (start[1] as string).replaceAll(/\\(.)/g, '$1')
}
