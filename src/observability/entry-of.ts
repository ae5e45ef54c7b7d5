/** The entry of a map; made where there is none. */
export function entryOf<Key, Entry>(
  entries: Map<Key, Entry>,
  key: Key,
  create: () => Entry,
): Entry {
  const known = entries.get(key)
  if (known !== undefined) return known
  const created = create()
  entries.set(key, created)
  return created
}
