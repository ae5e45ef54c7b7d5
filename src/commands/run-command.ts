import { restUntilAsked, wakeUp } from '../app/rest-until-asked.ts'
import { type Command, type CommandIo, didYouMean, UsageError } from './command.ts'
import { formatFirstSteps } from './serving/first-run.ts'
import { formatOverview, usages } from './usage/all.ts'
import { formatHelp } from './usage/usage.ts'

// Each command's file is loaded only when it is run: a start pays for nothing else.
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  check: async () => (await import('./check.ts')).check,
  explain: async () => (await import('./explain.ts')).explain,
  test: async () => (await import('./test.ts')).test,
  record: async () => (await import('./record.ts')).record,
  init: async () => (await import('./init.ts')).init,
  diff: async () => (await import('./diff.ts')).diff,
  prove: async () => (await import('./prove.ts')).prove,
  audit: async () => (await import('./audit.ts')).audit,
  completion: async () => (await import('./completion.ts')).completion,
  version: async () => (await import('./version.ts')).version,
  schema: async () => (await import('./schema.ts')).schema,
}

/** Runs the command that the arguments name; resolves to the exit code, 2 for wrong usage. */
export async function runCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args
  try {
    if (name === undefined) {
      io.stderr(`keyway: a command is missing\n\n${formatOverview()}${formatFirstSteps(io)}`)
      return 2
    }
    if (isHelp(name)) return printed(io, helpOf(rest[0]))
    if (name === '--version' || name === '-V') return await (await commandOf('version')())([], io)
    const load = commandOf(name)
    if (asksForHelp(rest)) return printed(io, helpOf(name))
    if (name === 'serve') restUntilAsked()
    else wakeUp()
    return await (await load())(rest, io)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const known = name !== undefined && Object.hasOwn(commands, name) ? ` ${name}` : ''
    io.stderr(`keyway: ${error.message}\nTry: keyway${known} --help\n`)
    return 2
  }
}

function commandOf(name: string): () => Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load !== undefined) return load
  if (isFlagOfCommand(name)) throw new UsageError(`the command comes first: keyway COMMAND ${name}`)
  const what = name.startsWith('-') ? 'flag' : 'command'
  const names = what === 'flag' ? ['--help', '--version'] : Object.keys(commands)
  throw new UsageError(`unknown ${what} "${name}"${didYouMean(name, names)}`)
}

function isFlagOfCommand(word: string): boolean {
  const [flag] = word.split('=')
  return usages.some(({ flags }) =>
    Object.entries(flags).some(([name, { short }]) => flag === `--${name}` || flag === `-${short}`),
  )
}

const isHelp = (word: string): boolean => word === '--help' || word === '-h' || word === 'help'

// What stands after `curl` or `--` are another's flags.
function asksForHelp(args: readonly string[]): boolean {
  const end = args.findIndex((word) => word === 'curl' || word === '--')
  const own = end === -1 ? args : args.slice(0, end)
  return own.includes('--help') || own.includes('-h')
}

function helpOf(name: string | undefined): string {
  const usage = usages.find((one) => one.name === name)
  if (name !== undefined) commandOf(name)
  return usage ? formatHelp(usage) : formatOverview()
}

function printed(io: CommandIo, text: string): number {
  io.stdout(text)
  return 0
}
