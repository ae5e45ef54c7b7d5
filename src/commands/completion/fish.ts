import type { CommandShape, FlagShape, LineShape, Values } from './line-shape.ts'

/** The completions for fish, one line for each thing that may stand somewhere. */
export function writeFishCompletion({ commands }: LineShape): string {
  const lines = commands.flatMap((command) => [
    `complete -c keyway -n '__keyway_is ""' -a ${command.name} -d ${quote(command.summary)}`,
    ...writeCommand(command),
  ])
  return `# Completions of keyway for fish, by keyway completion fish.
function __keyway_is --description 'Whether this command was named'
    set -l words (commandline -opc)
    test "$words[2]" = "$argv[1]"
end

complete -c keyway -f
complete -c keyway -n '__keyway_is ""' -s h -l help -d 'say how it is used'
complete -c keyway -n '__keyway_is ""' -s V -l version -d 'print the version'
${lines.join('\n')}
`
}

function writeCommand({ name, flags, operands }: CommandShape): string[] {
  const start = `complete -c keyway -n '__keyway_is ${name}'`
  const operand = writeOperands(operands)
  return [
    ...(operand === '' ? [] : [`${start} ${operand}`]),
    ...flags.map((flag) => `${start} ${writeFlag(flag)}`),
  ]
}

function writeOperands(operands: Values): string {
  if (operands === 'files') return '-F'
  return typeof operands === 'string' || operands.length === 0
    ? ''
    : `-a ${quote(operands.join(' '))}`
}

function writeFlag({ name, short, says, values }: FlagShape): string {
  const names = `${short === null ? '' : `-s ${short} `}-l ${name}`
  return `${names}${takes(values)} -d ${quote(says)}`
}

function takes(values: Values): string {
  if (values === 'none') return ''
  if (values === 'files') return ' -r -F'
  return values === 'any' ? ' -x' : ` -x -a ${quote(values.join(' '))}`
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
