import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { mergeProcessCovs } from '@bcoe/v8-coverage'
import { convert } from 'ast-v8-to-istanbul'
import libCoverage from 'istanbul-lib-coverage'
import { parseAstAsync } from 'rolldown/parseAst'

/** So many reports are put together at once: each has every function of the program. */
const AT_ONCE = 50

/** What processes that wrote to `FOLDER/raw` ran of the program in FOLDER, as a map of the sources. */
export async function mapsOfProcesses(folder) {
  const map = libCoverage.createCoverageMap({})
  for (const script of mergeReports(`${folder}/raw`, `file://${folder}/`)) {
    const file = fileURLToPath(script.url)
    const code = readFileSync(file, 'utf8')
    const data = await convert({
      ast: parseAstAsync(code),
      code,
      coverage: script,
      sourceMap: JSON.parse(readFileSync(`${file}.map`, 'utf8')),
    })
    map.merge(data)
  }
  return map
}

function mergeReports(folder, prefix) {
  const names = existsSync(folder) ? readdirSync(folder) : []
  let merged = { result: [] }
  for (let first = 0; first < names.length; first += AT_ONCE) {
    const reports = names
      .slice(first, first + AT_ONCE)
      .flatMap((name) => readReport(`${folder}/${name}`, prefix))
    merged = mergeProcessCovs([merged, ...reports])
  }
  return merged.result
}

/** A process that was killed while it wrote leaves half a report, which says nothing. */
function readReport(file, prefix) {
  try {
    const { result } = JSON.parse(readFileSync(file, 'utf8'))
    return [
      {
        result: result.filter(
          ({ url }) => url.startsWith(prefix) && existsSync(`${fileURLToPath(url)}.map`),
        ),
      },
    ]
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}
