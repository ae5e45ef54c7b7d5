// Bundles the admin page into dist/page: one script, one style sheet, one document. Whatever serves it,
// the library or the bundle, reads it from there.
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/** Bytes that the page may have in all. */
const LIMIT_BYTES = 100 * 1024

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}dist/page`
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

const bundled = await rolldown({
  cwd: root,
  input: 'page/main.tsx',
  platform: 'browser',
  tsconfig: `${root}page/tsconfig.json`,
  checks: { pluginTimings: false },
})
await bundled.write({ file: `${folder}/page.js`, format: 'iife', minify: true })
await bundled.close()
const styles = ['node_modules/uplot/dist/uPlot.min.css', 'page/page.css']
const css = styles.map((file) => readFileSync(`${root}${file}`, 'utf8')).join('\n')
const WITHOUT = [
  [/\/\*.*?\*\//gs, ''],
  [/\s*([{};,])\s+/g, '$1'],
  // A selector has no space behind a colon.
  [/:\s+/g, ':'],
  [/;}/g, '}'],
  [/(?<=[\s:,(])0\./g, '.'],
]
writeFileSync(
  `${folder}/page.css`,
  WITHOUT.reduce((text, [what, by]) => text.replaceAll(what, by), css),
)
copyFileSync(`${root}page/index.html`, `${folder}/index.html`)

const bytes = ['page.js', 'page.css', 'index.html'].map(
  (file) => statSync(`${folder}/${file}`).size,
)
const total = bytes.reduce((sum, size) => sum + size, 0)
if (total > LIMIT_BYTES) throw new Error(`the page has ${total} bytes, more than ${LIMIT_BYTES}`)
