import { relative } from 'node:path'

/** Adds up several coverage maps of the same sources: a table by folder, and the lines that none ran. */
export function tallyOf(maps, sources) {
  const files = [...new Set(maps.flatMap((map) => map.files()))]
    .filter((file) => file.startsWith(sources))
    .sort()
  const folders = new Map()
  const unrun = []
  for (const file of files) {
    const covered = maps
      .filter((map) => map.files().includes(file))
      .map((map) => map.fileCoverageFor(file))
    const lines = linesOf(covered)
    const path = relative(sources, file)
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.'
    for (const name of [folder, 'all'])
      folders.set(
        name,
        plus(folders.get(name), { lines: [...lines.values()], branches: branchesOf(covered) }),
      )
    const missing = [...lines].filter(([, count]) => count === 0).map(([line]) => line)
    if (missing.length > 0) unrun.push(`src/${path}: ${rangesOf(missing)}`)
  }
  return { table: tableOf(folders), unrun: `${unrun.join('\n')}\n` }
}

/** How often each line was run: by whichever ran it more. */
function linesOf(covered) {
  const lines = new Map()
  for (const one of covered)
    for (const [line, count] of Object.entries(one.getLineCoverage()))
      lines.set(Number(line), Math.max(lines.get(Number(line)) ?? 0, count))
  return new Map([...lines].sort(([a], [b]) => a - b))
}

/** How often each way of each branch was taken. Two compilers put its end at different columns. */
function branchesOf(covered) {
  const ways = new Map()
  for (const { branchMap, b } of covered)
    for (const [id, { loc, type }] of Object.entries(branchMap))
      for (const [index, count] of b[id].entries()) {
        const key = `${loc.start.line}:${loc.start.column} ${type} ${index}`
        ways.set(key, Math.max(ways.get(key) ?? 0, count))
      }
  return [...ways.values()]
}

const isRun = (count) => count > 0

function plus(sums = { lines: [0, 0], branches: [0, 0] }, { lines, branches }) {
  const add = ([run, all], counts) => [run + counts.filter(isRun).length, all + counts.length]
  return { lines: add(sums.lines, lines), branches: add(sums.branches, branches) }
}

function tableOf(folders) {
  const share = ([run, all]) =>
    (all === 0 ? '-' : `${((100 * run) / all).toFixed(1)} %`).padStart(9)
  const rows = [...folders]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { lines, branches }]) => `${name.padEnd(36)}${share(lines)}${share(branches)}`)
  return [`${'folder'.padEnd(36)}${'lines'.padStart(9)}${'branches'.padStart(9)}`, ...rows].join(
    '\n',
  )
}

function rangesOf(lines) {
  const ranges = []
  for (const line of lines) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === line - 1) last[1] = line
    else ranges.push([line, line])
  }
  return ranges.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(', ')
}
