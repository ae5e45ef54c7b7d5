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

// `keyway explain … | head` is no failure.
process.stdout.on('error', () => process.exit(0))

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
  // To exit is to wait for the threads that read, and where a disk never answers one, for ever.
  const isHeld = process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))
  if (isHeld) process.kill(process.pid, 'SIGKILL')
  process.exit()
}
