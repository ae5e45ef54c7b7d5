import type { Flag, Usage } from '../usage/usage.ts'

/** What may stand at a place: names of files, some words, something that only a person knows, or nothing. */
export type Values = 'files' | 'any' | 'none' | readonly string[]

/** A flag as shells complete it. */
export interface FlagShape {
  readonly name: string
  readonly short: string | null
  readonly says: string
  /** The word for its value in the help; empty: it has none. */
  readonly value: string
  readonly values: Values
  readonly isRepeatable: boolean
}

/** A command as shells complete it. */
export interface CommandShape {
  readonly name: string
  readonly summary: string
  readonly flags: readonly FlagShape[]
  readonly operands: Values
}

/** All that may stand on the command line. */
export interface LineShape {
  readonly commands: readonly CommandShape[]
}

/** Reads from the tables of all commands what may stand where. */
export function describeLine(usages: readonly Usage[], providers: readonly string[]): LineShape {
  const commands = usages.map(({ name, summary, flags, operands = [] }) => ({
    name,
    summary,
    flags: [...Object.entries(flags).map(describeFlag), HELP],
    operands: operands === 'providers' ? providers : operands,
  }))
  const help: CommandShape = {
    name: 'help',
    summary: 'say how a command is used',
    flags: [],
    operands: usages.map(({ name }) => name),
  }
  return { commands: [...commands, help] }
}

const HELP: FlagShape = {
  name: 'help',
  short: 'h',
  says: 'say how it is used',
  value: '',
  values: 'none',
  isRepeatable: false,
}

function describeFlag([name, flag]: [string, Flag]): FlagShape {
  const { short = null, says, value = '', multiple = false } = flag
  return { name, short, says, value, values: valuesOf(flag), isRepeatable: multiple }
}

function valuesOf({ type, value, choices }: Flag): Values {
  if (type === 'boolean') return 'none'
  return choices ?? (value === 'FILE' ? 'files' : 'any')
}
