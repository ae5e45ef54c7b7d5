// Bundles the command line into one file (and its thread into another), where one read does what a
// few hundred did, and keeps V8's compiled code of it beside it: a start takes a third of the time.
// The library (dist/index.js) stays as tsc writes it.
//
//   node scripts/bundle.mjs [DIRECTORY]     default: dist/bin
//
// The directory is as deep as dist/cli/…, so that what is read beside the program (schemas/,
// package.json) is found from there too.
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import Module from 'node:module'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { askLater } from './asked-later.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}${process.argv[2] ?? 'dist/bin'}`
const TELEMETRY = 'src/observability/telemetry/start-telemetry.ts'

// What a program that only forwards never asks of its libraries, close to a megabyte: what http-proxy
// would forward with itself (see proxy-plugin.ts), schemas of Fastify's routes, requests without a socket.
const NEVER_ASKED = [
  'undici',
  'ws',
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'light-my-request',
  'thread-stream',
]

// The same library without its switches for debugging: for each word of a text it asks the environment.
const YAML = `${root}node_modules/yaml/browser/index.js`

/** Has the other bundles read that one beside them. */
const leaveTelemetry = {
  name: 'leave-telemetry',
  resolveId: (id) =>
    id.endsWith('/telemetry/start-telemetry.ts') ? { id: './telemetry.cjs', external: true } : null,
}

const PLUGINS = {
  'keyway.cjs': [leaveTelemetry, askLater],
  'config-thread.js': [leaveTelemetry],
}

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

await bundle('src/cli.ts', 'keyway.cjs', 'cjs')
wrapForLauncher(`${folder}/keyway.cjs`)
// A thread's own program, named as the library names it.
await bundle('src/loading/config-thread.ts', 'config-thread.js', 'esm')
// Read only where the environment asks for it: a start without it is as if it were not there.
await bundle(TELEMETRY, 'telemetry.cjs', 'cjs')
writeFileSync(`${folder}/commit`, readCommit())
copyFileSync(`${root}scripts/launcher.cjs`, `${folder}/cli.cjs`)
const warmUp = `${root}scripts/write-code-cache.cjs`
execFileSync(process.execPath, [warmUp, folder], {
  stdio: ['ignore', 'ignore', 'inherit'],
  // It ends by itself after half of that; a program that is stuck does not hear SIGTERM.
  timeout: 60_000,
  killSignal: 'SIGKILL',
})

/** What `keyway version` names: where there is no repository, whoever builds may say it. */
function readCommit() {
  const { KEYWAY_COMMIT } = process.env
  if (KEYWAY_COMMIT || !existsSync(`${root}.git`)) return KEYWAY_COMMIT ?? ''
  const { stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' })
  return stdout?.trim() ?? ''
}

async function bundle(input, file, format) {
  const bundled = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    plugins: PLUGINS[file] ?? [],
    resolve: {
      alias: {
        yaml: YAML,
        ...Object.fromEntries(NEVER_ASKED.map((name) => [name, `${root}scripts/never-asked.cjs`])),
      },
    },
    checks: { pluginTimings: false },
  })
  await bundled.write({
    file: `${folder}/${file}`,
    format,
    codeSplitting: false,
    // The launcher's script has no import of its own.
    dynamicImportInCjs: false,
    minify: {
      // Names of functions stay, for the frames in the log.
      mangle: { keepNames: { function: true, class: true } },
      compress: false,
      codegen: { removeWhitespace: true },
    },
  })
  await bundled.close()
}

// As the launcher compiles it: V8 keeps a program's text, with two bytes a letter where one of them is
// not Latin, and each change of it at the start would be a copy of 3 MB more. Such letters stand in
// strings, patterns and comments only, where an escape is the same.
function wrapForLauncher(file) {
  const text = readFileSync(file, 'utf8').replace(/^#!.*/, '')
  const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  writeFileSync(file, Module.wrap(text.replace(/[^\0-\x7f]/g, escaped)))
}
