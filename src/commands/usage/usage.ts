/** One flag of a command, as `parseArgs` takes it, with its words for the help. */
export interface Flag {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  readonly multiple?: boolean
  readonly default?: string
  /** The word for its value in the help. */
  readonly value?: string
  /** What it means, without its choices. */
  readonly says: string
  /** The values that it takes; any, where there are none. */
  readonly choices?: readonly string[]
}

/** All that is known of one command's line: its flags are read, refused and explained by this alone. */
export interface Usage {
  readonly name: string
  /** What it does, in the list of all commands. */
  readonly summary: string
  /** What it does, as the first lines of its help. */
  readonly purpose: string
  /** What stands behind its name. */
  readonly forms: readonly string[]
  /** What its arguments without a dash are, as shells complete them; default: nothing that they know. */
  readonly operands?: 'files' | 'providers' | readonly string[]
  readonly flags: Readonly<Record<string, Flag>>
  readonly notes?: string
  readonly examples: readonly string[]
}

/** The help of one command. */
export function formatHelp({ name, purpose, forms, flags, notes, examples }: Usage): string {
  const words = (form: string): string => ['keyway', name, form].filter(Boolean).join(' ')
  const usage = forms.map((form, index) => `${index === 0 ? 'Usage: ' : '       '}${words(form)}`)
  const options = Object.entries(flags).flatMap(([flag, spec]) => formatFlag(flag, spec))
  const parts = [
    purpose,
    usage.join('\n'),
    options.length === 0 ? '' : ['Options:', ...options].join('\n'),
    notes ?? '',
    [examples.length === 1 ? 'Example:' : 'Examples:', ...examples.map((line) => `  ${line}`)].join(
      '\n',
    ),
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

const MARGIN = 22
const WIDTH = 100

function formatFlag(
  name: string,
  { short, value, says, choices, default: standard }: Flag,
): string[] {
  const left = `  ${short ? `-${short}, ` : '    '}--${name}${value ? ` ${value}` : ''} `
  const listed = choices
    ? `${choices.map((one) => (one === standard ? `${one} (default)` : one)).join(', ')}`
    : ''
  const text = [says, listed].filter(Boolean).join(': ')
  const lines = wrap(text, WIDTH - MARGIN)
  const indented = lines.map((line) => ' '.repeat(MARGIN) + line)
  if (left.length > MARGIN) return [left.trimEnd(), ...indented]
  return [left.padEnd(MARGIN) + lines[0], ...indented.slice(1)]
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
