import type { Flag } from './usage.ts'

/** A flag with a text as its value. */
export type TextFlag = Omit<Flag, 'default' | 'multiple' | 'type'> & { readonly type: 'string' }

/** A flag that has a value even where it is not given. */
export type StandardFlag = TextFlag & { readonly default: string }

/** Names the configuration of a command that reads one. */
export const CONFIG: TextFlag = {
  type: 'string',
  short: 'c',
  value: 'FILE',
  says: 'the configuration; default: $KEYWAY_CONFIG, else config/routes.yaml',
}

/** The same, where files may be named without it. */
export const CONFIG_UNLESS_NAMED: TextFlag = {
  type: 'string',
  short: 'c',
  value: 'FILE',
  says: 'the configuration where no FILE is named; default: $KEYWAY_CONFIG, else config/routes.yaml',
}

/** For people or for programs. */
export const FORMAT: StandardFlag = {
  type: 'string',
  default: 'text',
  value: 'FORMAT',
  says: 'how it is printed',
  choices: ['text', 'json'],
}

/** The same, for programs that show findings beside the code too. */
export const FINDINGS_FORMAT: StandardFlag = {
  type: 'string',
  default: 'text',
  value: 'FORMAT',
  says: 'how it is printed',
  choices: ['text', 'json', 'github', 'sarif'],
}

/** The same, for programs that collect test reports too. */
export const REPORT_FORMAT: StandardFlag = {
  type: 'string',
  default: 'text',
  value: 'FORMAT',
  says: 'how it is printed',
  choices: ['text', 'json', 'junit', 'github', 'sarif'],
}
