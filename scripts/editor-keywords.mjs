/** Keywords of schemas/*.json that only editors read, beside `description`. */
const EDITOR_KEYWORDS = new Set(['defaultSnippets', 'patternErrorMessage'])

/**
 * A reviver for JSON.parse that leaves out what is only for editors: texts, what completion offers,
 * and under `allOf` which keys exclude each other, which the loader says in its own words.
 */
export function withoutEditorKeywords(key, value) {
  if (EDITOR_KEYWORDS.has(key) || key === 'allOf') return undefined
  return key === 'description' && typeof value === 'string' ? undefined : value
}
