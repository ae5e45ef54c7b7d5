// Measures a start: from spawn to the line that says "listening", the CPU time until then, and the
// memory of the idle process. Prints every run and the medians.
//
//   node scripts/measure-start.mjs [RUNS] [COMMAND…]      default: 9 node dist/bin/cli.cjs serve
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const [runs = '9', command = process.execPath, ...given] = process.argv.slice(2)
const args = given.length > 0 || process.argv.length > 3 ? given : ['dist/bin/cli.cjs', 'serve']

const results = []
for (let run = 0; run < Number(runs); run++) results.push(await measure())
console.table(results)
const median = (key) =>
  results.map((result) => result[key]).sort((a, b) => a - b)[results.length >> 1]
console.log(
  `median: listening after ${median('listeningMs')} ms, ${median('cpuMs')} ms of CPU, ${median('rssMiB')} MiB idle`,
)

async function measure() {
  const begin = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await firstLine(child)
  const listeningMs = Math.round(performance.now() - begin)
  const { pid } = JSON.parse(line)
  const cpuMs = cpuTime(pid)
  await delay(1_500)
  const rssMiB = Math.round(Number(/VmRSS:\s+(\d+)/.exec(proc(pid, 'status'))[1]) / 102.4) / 10
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const stop = performance.now()
  process.kill(pid, 'SIGTERM')
  await ended
  return { listeningMs, cpuMs, rssMiB, stopMs: Math.round(performance.now() - stop) }
}

function firstLine({ stdout }) {
  let text = ''
  return new Promise((resolve) => {
    stdout.on('data', (chunk) => {
      text += chunk
      const line = text.split('\n').find((one) => one.includes('"listening"'))
      if (line !== undefined) resolve(line)
    })
  })
}

// utime and stime in ticks of 10 ms, after the parenthesis that ends the name.
function cpuTime(pid) {
  const fields = proc(pid, 'stat').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function proc(pid, file) {
  return readFileSync(`/proc/${pid}/${file}`, 'utf8')
}
