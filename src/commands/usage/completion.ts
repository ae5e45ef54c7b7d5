/** The shells that there are completions for. */
export type Shell = 'bash' | 'zsh' | 'fish'

/** The same, as words. */
export const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish']

/** The command line of `keyway completion`. */
export const completionUsage = {
  name: 'completion',
  summary: 'print the completions for a shell',
  purpose: 'Prints what has a shell complete the commands, flags and values of keyway.',
  forms: ['bash|zsh|fish'],
  operands: SHELLS as readonly string[],
  flags: {},
  notes: `For the shell that runs: source <(keyway completion bash), or of zsh behind its compinit.
For each one that starts, as the examples show.`,
  examples: [
    'keyway completion bash > ~/.local/share/bash-completion/completions/keyway',
    'keyway completion zsh > "${fpath[1]}/_keyway"',
    'keyway completion fish > ~/.config/fish/completions/keyway.fish',
  ],
} as const
