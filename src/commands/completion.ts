import { loadCatalogue } from '../credentials/catalogue.ts'
import { type Command, didYouMean, parseFlags, UsageError } from './command.ts'
import { writeBashCompletion } from './completion/bash.ts'
import { writeFishCompletion } from './completion/fish.ts'
import { describeLine, type LineShape } from './completion/line-shape.ts'
import { writeZshCompletion } from './completion/zsh.ts'
import { usages } from './usage/all.ts'
import { completionUsage, SHELLS, type Shell } from './usage/completion.ts'

const writers: Readonly<Record<Shell, (shape: LineShape) => string>> = {
  bash: writeBashCompletion,
  zsh: writeZshCompletion,
  fish: writeFishCompletion,
}

/** `keyway completion`: what a shell completes, from the same tables as the help. */
export const completion: Command = async (args, io) => {
  const { positionals } = parseFlags(args, completionUsage)
  const [word = '', ...more] = positionals
  const shell = SHELLS.find((one) => one === word)
  if (shell === undefined || more.length > 0)
    throw new UsageError(
      `completion wants a shell: ${SHELLS.join(', ')}${shell ? '' : didYouMean(word, SHELLS)}`,
    )
  const providers = loadCatalogue().providers.map(({ name }) => name)
  io.stdout(writers[shell](describeLine(usages, providers)))
  return 0
}
