/** What a name is made of. */
export const NAME_RULE =
  'a name starts with a letter or digit, then come letters, digits, ".", "_" and "-"'

/** A pattern of the schema in plain words. */
export interface Format {
  /** Tells the pattern by its source. */
  readonly isIt: RegExp
  readonly message: (value: string) => string
  readonly hint: (value: string) => string
}

/** The patterns of the schema; the first that fits says what is wrong. */
export const FORMATS: readonly Format[] = [
  {
    isIt: /ms\|s\|m\|h/,
    message: (value) => `"${value}" is not a length of time`,
    hint: (value) => `write ${/^\d+/.exec(value)?.[0] ?? 30}s; the units are ms, s, m and h`,
  },
  {
    isIt: /KiB/,
    message: (value) => `"${value}" is not a size`,
    hint: (value) =>
      `write ${/^\d+/.exec(value)?.[0] ?? 32}${/k/i.test(value) ? 'KiB' : 'MiB'}; the units are B, KiB, MiB and GiB`,
  },
  {
    isIt: /^\^\/$/,
    message: (value) => `"${value}" is no path`,
    hint: (value) => `a path starts with "/": write /${value.replace(/^https?:\/\/[^/]*\/?/, '')}`,
  },
  {
    isIt: /^\^\[A-Z\]\[A-Z-\]/,
    message: (value) => `"${value}" is no method`,
    hint: (value) => `methods are written in capitals: ${value.toUpperCase()}`,
  },
  {
    isIt: /round-robin/,
    message: (value) => `"${value}" is no way to choose a target`,
    hint: () => 'there are round-robin, least-requests and { hash: … }',
  },
  {
    isIt: /credential\|client/,
    message: (value) => `"${value}" can't be hashed`,
    hint: () => 'there are credential, client and "header NAME"',
  },
  {
    isIt: /connect\|reset/,
    message: (value) => `"${value}" is no failure`,
    hint: (value) =>
      /^\d{3}$/.test(value)
        ? `write a status without quotes: ${value}`
        : 'there are connect, reset, timeout, 5xx, and statuses such as 429',
  },
  {
    isIt: /%\$$/,
    message: (value) => `"${value}" is no share`,
    hint: (value) => `write ${/^\d+/.exec(value)?.[0] ?? 20}%`,
  },
  {
    isIt: /^\^off\$$/,
    message: (value) => `"${value}" is no setting of it`,
    hint: () => 'write "off", or what differs from the defaults, such as { failures: 3 }',
  },
  {
    isIt: /^\^\(query /,
    message: (value) => `"${value}" is no place of a credential`,
    hint: () => 'write a header name, or "query NAME"',
  },
  {
    isIt: /\[A-Za-z_\]\[A-Za-z0-9_\]/,
    message: (value) => `"${value}" is no name of an environment variable`,
    hint: (value) => `write it without $ and braces: ${value.replace(/[^A-Za-z0-9_]/g, '')}`,
  },
  {
    isIt: /^\^\[A-Za-z0-9\]\[A-Za-z0-9\._-\]/,
    message: (value) => `"${value}" is no name`,
    hint: () => NAME_RULE,
  },
  {
    isIt: /A-Za-z0-9/,
    message: (value) => `"${value}" is no header name`,
    hint: () => 'letters, digits and "-" make one, without ":" and spaces',
  },
]
