/** What people leave around a secret, and how it is told. */
const WRAPPINGS: readonly (readonly [RegExp, string])[] = [
  [/^(["'`]).*\1$/, 'it stands in quotes, which would be sent with it'],
  [
    /^(?:export\s+)?[A-Z][A-Z0-9]*_[A-Z0-9_]*=\S/,
    'it begins with a name and "=", as in a file of variables',
  ],
  [
    /^(?:bearer|basic|token|apikey)\s+\S/i,
    'it begins with a scheme, which a rule that names one writes once more',
  ],
  [/^\{.*\}$/, 'it is JSON, of which one value may be meant'],
]

/** Says what stands around a secret and may not be meant; null: nothing. */
export function findWrapping(value: string): string | null {
  return WRAPPINGS.find(([pattern]) => pattern.test(value))?.[1] ?? null
}
