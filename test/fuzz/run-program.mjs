// Bundles a program of the tests, with Keyway in it, as it is now, and runs it.
//
//   node test/fuzz/run-program.mjs fuzz|faults|soak|floods [ARGUMENT…]
//
// As deep as src/…, so that what is read beside the sources (schemas/, config/) is found from there.
import { existsSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [name, ...rest] = process.argv.slice(2)
const folder = `${root}node_modules/.keyway-${name}-${process.pid}`
const attacker = `test/${name}/attacker.ts`
const bundle = await rolldown({
  cwd: root,
  input: {
    main: `test/${name}/main.ts`,
    keyway: 'test/fuzz/keyway-child.ts',
    ...(existsSync(`${root}${attacker}`) && { attacker }),
  },
  platform: 'node',
  checks: { pluginTimings: false },
})
await bundle.write({ dir: folder, format: 'esm' })
await bundle.close()
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
const { main } = await import(`${folder}/main.js`)
process.exit(await main(rest))
