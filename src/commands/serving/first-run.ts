import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type CommandIo, configFile } from '../command.ts'

/** How to call this program again: what npx runs is on no path. */
export function programName({ env }: Pick<CommandIo, 'env'>): string {
  return env.npm_command === 'exec' ? 'npx keyway-proxy' : 'keyway'
}

/** Says on standard error how to get a configuration, where the one that is read unasked is not there. */
export function hintAtMissingFile(file: string, io: CommandIo): void {
  if (file !== configFile(undefined, io) || existsSync(resolve(io.cwd, file))) return
  io.stderr(`Write a starting one: ${programName(io)} init --output ${file}\n`)
}

/** What to do in a folder without a configuration; nothing where there is one. */
export function formatFirstSteps(io: CommandIo): string {
  const file = configFile(undefined, io)
  if (existsSync(resolve(io.cwd, file))) return ''
  const program = programName(io)
  return `
Start here, as there is no ${file} yet:
  ${program} init anthropic openai --output ${file}
  ${program} serve
`
}
