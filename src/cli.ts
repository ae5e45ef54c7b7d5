#!/usr/bin/env node
import type { CommandIo } from './commands/command.ts'
import { showsColours } from './commands/reports/colours.ts'
import { runCommand } from './commands/run-command.ts'
import { readInput } from './files/read-input.ts'
import { describeError } from './observability/describe-error.ts'

// As the launcher does, for who starts this file without it.
process.on('SIGUSR1', () => undefined)

const io: CommandIo = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  input: readInput,
  env: process.env,
  cwd: process.cwd(),
  colours: {
    stdout: showsColours(process.stdout, process.env),
    stderr: showsColours(process.stderr, process.env),
  },
}

let isUnwritten = false

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `keyway explain … | head` is no failure: what was found out still is the exit code, and who follows ends.
  if (error.code === 'EPIPE') process.emit('SIGTERM')
  else if (!isUnwritten) io.stderr(`keyway: standard output can't be written (${error.code})\n`)
  isUnwritten ||= error.code !== 'EPIPE'
})

// Whether its reader is still there is nothing that a server may end by.
process.stderr.on('error', () => undefined)

// Only here: a stream tells of its faults after the command has ended.
process.on('exit', (code) => {
  if (code === 0 && isUnwritten) process.exitCode = 1
})

void runCommand(process.argv.slice(2), io)
  .catch((error: unknown) => {
    io.stderr(`keyway: a defect: ${JSON.stringify(describeError(error), null, 2)}\n`)
    return 1
  })
  .then((code) => {
    process.exitCode = code
    // Nothing should be open any more; where something is, it must not hold the process.
    setTimeout(leave, 1_000).unref()
  })

function leave(): void {
  // To exit is to wait for the threads that read, and where a disk never answers one, for ever. It
  // shows here since nobody calls Node's readFile, which is no request from Node 26 on.
  const isHeld = process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))
  if (isHeld) process.kill(process.pid, 'SIGKILL')
  process.exit()
}
