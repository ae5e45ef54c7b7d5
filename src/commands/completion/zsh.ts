import type { CommandShape, FlagShape, LineShape, Values } from './line-shape.ts'

/** The completions for zsh: a file of its fpath, or a text that it sources. */
export function writeZshCompletion({ commands }: LineShape): string {
  return `#compdef keyway
# Completions of keyway for zsh, by keyway completion zsh.
_keyway() {
  local curcontext="$curcontext" state line
  local -A opt_args
  local -a commands=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`).join('\n')}
  )
  _arguments -C '(- *)'{-h,--help}'[say how it is used]' '(- *)'{-V,--version}'[print the version]' \\
    '1: :->command' '*:: :->rest'
  case $state in
    command) _describe -t commands command commands ;;
    rest)
      case $words[1] in
${commands.map(writeCommand).join('\n')}
      esac
      ;;
  esac
}

if [[ $funcstack[1] == _keyway ]]; then
  _keyway "$@"
else
  compdef _keyway keyway
fi
`
}

function writeCommand({ name, flags, operands }: CommandShape): string {
  const rest = operands === 'none' || operands.length === 0 ? [] : [`'*:argument:${act(operands)}'`]
  const parts = [...flags.map(writeFlag), ...rest]
  return `        ${name}) _arguments ${parts.join(' ')} ;;`
}

function writeFlag({ name, short, says, value, values, isRepeatable }: FlagShape): string {
  const action = values === 'none' ? '' : `:${value}:${act(values)}`
  const about = quote(`[${escapeText(says)}]${action}`)
  const star = isRepeatable ? '*' : ''
  if (short === null) return `${quote(`${star}--${name}`)}${about}`
  const others = isRepeatable ? "'*'" : quote(`(-${short} --${name})`)
  return `${others}{-${short},--${name}}${about}`
}

function act(values: Values): string {
  if (values === 'files') return '_files'
  return typeof values === 'string' ? ' ' : `(${values.join(' ')})`
}

/** Brackets and colons have a meaning in a spec. */
function escapeText(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, '\\$&')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
