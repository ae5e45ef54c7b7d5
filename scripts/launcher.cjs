#!/usr/bin/env node
// Starts the bundled command line (keyway.cjs) with the code that V8 compiled when it was built. V8
// looks at the version and its flags by itself: where they differ it compiles anew.
// Node would open its inspector, through which every secret can be read.
process.on('SIGUSR1', () => {})
const { closeSync, fstatSync, openSync, readSync } = require('node:fs')
const v8 = require('node:v8')
const { Script } = require('node:vm')

// By no function of node:path: joining few names of this length is enough for V8 to optimize it, and
// what does that are two MiB of an idle process.
const filename = `${__dirname}/keyway.cjs`
const text = read(filename)
const cache = readIfThere(`${__dirname}/keyway.cache`)
// Wrapped as a module, and in ASCII: see scripts/bundle.mjs.
const script = new Script(text.latin1Slice(), { filename, cachedData: cache })
for (const read of [text, cache]) read?.buffer.resize(0)
// Until it is known which command it is: see src/app/rest-until-asked.ts.
for (const compiler of ['turbo', 'maglev']) v8.setFlagsFromString(`--${compiler}-filter=-*`)
const program = { exports: {} }
script.runInThisContext()(program.exports, require, program, filename, __dirname)
module.exports = script

// Into memory that is given back with `resize`: megabytes that are freed otherwise have the C library
// keep as many for later.
function read(file) {
  const opened = openSync(file)
  try {
    const { size } = fstatSync(opened)
    const bytes = Buffer.from(new ArrayBuffer(size, { maxByteLength: size }))
    for (let at = 0, count = 1; count > 0 && at < size; at += count)
      count = readSync(opened, bytes, at, size - at, null)
    return bytes
  } finally {
    closeSync(opened)
  }
}

function readIfThere(file) {
  try {
    return read(file)
  } catch {
    return undefined
  }
}
