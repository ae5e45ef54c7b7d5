import type { CommandShape, FlagShape, LineShape, Values } from './line-shape.ts'

/** The completions for bash, one function for the whole line. */
export function writeBashCompletion({ commands }: LineShape): string {
  const names = commands.map(({ name }) => name).join(' ')
  return `# Completions of keyway for bash, by keyway completion bash.
_keyway() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command='' word
  COMPREPLY=()
  # bash takes = for a word of its own.
  if [[ $cur == = ]]; then
    cur=''
  elif [[ $prev == = ]]; then
    prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $word != -* ]]; then
      command=$word
      break
    fi
  done
  case $command in
    '') _keyway_words '${names} --help --version' ;;
${commands.map(writeCommand).join('\n')}
  esac
}

_keyway_words() {
  local word
  for word in $1; do
    if [[ $word == "$cur"* ]]; then COMPREPLY+=("$word"); fi
  done
}

_keyway_files() {
  compopt -o default
}

complete -F _keyway keyway
`
}

function writeCommand({ name, flags, operands }: CommandShape): string {
  const cases = flags.filter(({ values }) => values !== 'none').map(writeValue)
  const long = flags.map((flag) => `--${flag.name}`).join(' ')
  return `    ${name})
      case $prev in
${cases.join('')}        *)
          if [[ $cur == -* ]]; then
            _keyway_words '${long}'
          else
            ${writeValues(operands)}
          fi
          ;;
      esac
      ;;`
}

function writeValue({ name, short, values }: FlagShape): string {
  const words = [`--${name}`, ...(short === null ? [] : [`-${short}`])].join(' | ')
  return `        ${words}) ${writeValues(values)} ;;\n`
}

function writeValues(values: Values): string {
  if (values === 'files') return '_keyway_files'
  return typeof values === 'string' || values.length === 0
    ? ':'
    : `_keyway_words '${values.join(' ')}'`
}
