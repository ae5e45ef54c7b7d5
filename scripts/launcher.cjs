#!/usr/bin/env node
// Starts the bundled command line (keyway.cjs) with the code that V8 compiled when it was built. V8
// looks at the version and its flags by itself: where they differ it compiles anew.
// Node would open its inspector, through which every secret can be read.
process.on('SIGUSR1', () => {})
const { readFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { join } = require('node:path')
const { Script } = require('node:vm')

const filename = join(__dirname, 'keyway.cjs')
// Wrapped as a module, and in ASCII: see scripts/bundle.mjs.
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData: readCache() })
const program = { exports: {} }
script.runInThisContext()(program.exports, createRequire(filename), program, filename, __dirname)
module.exports = script

function readCache() {
  try {
    return readFileSync(join(__dirname, 'keyway.cache'))
  } catch {
    return undefined
  }
}
