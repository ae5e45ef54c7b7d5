/** Gives the tests that reach a change, those first that reach much of its file and little else. */
export function rankTests({ covered, known, broken }, mutants) {
  const nameOf = new Map(mutants.map(({ id, fileName }) => [id, fileName]))
  const reach = new Map()
  const total = new Map()
  for (const [id, tests] of covered)
    for (const test of tests) {
      const key = `${nameOf.get(id)} ${test}`
      reach.set(key, (reach.get(key) ?? 0) + 1)
      total.set(test, (total.get(test) ?? 0) + 1)
    }
  const ranked = new Map()
  for (const [id, tests] of covered) {
    const weigh = (test) => reach.get(`${nameOf.get(id)} ${test}`) ** 2 / total.get(test)
    const isOpen = (test) => !broken.has(test) && !known.get(id)?.has(fileOf(test))
    ranked.set(
      id,
      tests.filter(isOpen).sort((a, b) => weigh(b) - weigh(a)),
    )
  }
  return (id) => ranked.get(id) ?? []
}

/** By test, the changes that it is among the first to try, and has not tried. */
export function planOf({ tried }, rank, ids, most) {
  const plan = {}
  for (const id of ids)
    for (const test of rank(id).slice(0, most)) {
      if (tried[test]?.includes(id)) continue
      plan[test] ??= []
      plan[test].push(id)
    }
  return plan
}

/** The file that a test stands in. */
export function fileOf(test) {
  return test.split(' > ')[0]
}
