// Writes biome.layers.json from scripts/layers.json, where the direction of imports stands once: a
// folder of src/ may import those of earlier layers and itself, never its neighbours or a later one.
//
//   node scripts/generate-layers.mjs [--check]
import { readFileSync } from 'node:fs'
import { writeGenerated } from './write-generated.mjs'

const { layers, usedOnlyBy } = JSON.parse(
  readFileSync(new URL('./layers.json', import.meta.url), 'utf8'),
)
/** How many folders below a layer's own hold files. */
const DEPTH = 4

const overrides = layers.flatMap((folders, index) =>
  folders.flatMap((folder) => rulesOf(folder, layers.slice(0, index).flat())),
)
writeGenerated(
  'biome.layers.json',
  `${JSON.stringify({ overrides }, null, 2)}\n`,
  'scripts/layers.json',
)

function rulesOf(folder, earlier) {
  const allowed = earlier.filter((other) => usedOnlyBy[other]?.includes(folder) ?? true)
  const message = `src/${folder} may import ${[...allowed, 'itself'].join(', ')}.`
  return Array.from({ length: DEPTH }, (_, depth) => {
    const up = '../'.repeat(depth + 1)
    return {
      includes: [`src/${folder}/${'*/'.repeat(depth)}*.ts`],
      linter: {
        rules: {
          style: {
            noRestrictedImports: {
              level: 'error',
              options: {
                patterns: [
                  { group: [`${up}**`, ...allowed.map((other) => `!${up}${other}/**`)], message },
                ],
              },
            },
          },
        },
      },
    }
  })
}
