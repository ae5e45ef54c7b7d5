// Bundles the command line into one file (and its thread into another), where one read does what a
// few hundred did, and keeps V8's compiled code of it beside it: a start takes a third of the time.
// The library (dist/index.js) stays as tsc writes it.
//
//   node scripts/bundle.mjs [DIRECTORY]     default: dist/bin
//
// The directory is as deep as dist/cli/…, so that what is read beside the program (schemas/,
// package.json) is found from there too.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}${process.argv[2] ?? 'dist/bin'}`
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

await bundle('src/cli.ts', 'keyway.cjs', 'cjs')
// A thread's own program, named as the library names it.
await bundle('src/loading/config-thread.ts', 'config-thread.js', 'esm')
copyFileSync(`${root}scripts/launcher.cjs`, `${folder}/cli.cjs`)
const warmUp = `${root}scripts/write-code-cache.cjs`
execFileSync(process.execPath, [warmUp, folder], {
  stdio: ['ignore', 'ignore', 'inherit'],
  // It ends by itself after half of that; a program that is stuck does not hear SIGTERM.
  timeout: 60_000,
  killSignal: 'SIGKILL',
})

async function bundle(input, file, format) {
  const bundled = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    checks: { pluginTimings: false },
  })
  await bundled.write({
    file: `${folder}/${file}`,
    format,
    codeSplitting: false,
    minify: {
      // Names of functions stay, for the frames in the log.
      mangle: { keepNames: { function: true, class: true } },
      compress: false,
      codegen: { removeWhitespace: true },
    },
  })
  await bundled.close()
}
