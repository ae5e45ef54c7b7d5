// Bundles the command line into dist/bin/, where one read of a file does what a few hundred did: a
// start takes half the time. The library (dist/index.js) stays as tsc writes it. As deep as dist/cli/…,
// so that what is read beside the program (schemas/, config/) is found from there too.
//
//   node scripts/bundle.mjs [DIRECTORY]     default: dist/bin
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('..', import.meta.url))
const bundle = await rolldown({
  cwd: root,
  input: { cli: 'src/cli.ts' },
  platform: 'node',
  checks: { pluginTimings: false },
})
await bundle.write({
  dir: process.argv[2] ?? 'dist/bin',
  cleanDir: true,
  format: 'esm',
  // Names of functions stay, for the frames in the log.
  minify: {
    mangle: { keepNames: { function: true, class: true } },
    compress: false,
    codegen: { removeWhitespace: true },
  },
  chunkFileNames: '[name]-[hash].js',
})
await bundle.close()
