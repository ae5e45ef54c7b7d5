/** Keywords of schemas/*.json that only editors and tests read, beside `description`. */
const EDITOR_KEYWORDS = new Set(['default', 'defaultSnippets', 'patternErrorMessage'])

/** Keywords of schemas/*.json for our own messages: how a pattern and a map are called. */
export const OWN_KEYWORDS = ['x-format', 'x-place']

/**
 * A reviver for JSON.parse that leaves out what is only for editors: texts, what completion offers,
 * and under `allOf` which keys exclude each other, which the loader says in its own words.
 */
export function withoutEditorKeywords(key, value) {
  if (EDITOR_KEYWORDS.has(key) || key === 'allOf') return undefined
  return key === 'description' && typeof value === 'string' ? undefined : value
}
