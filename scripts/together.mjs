// Runs scripts of package.json beside one another, and shows what each has printed once it is over.
//
//   node scripts/together.mjs SCRIPT…     ends with 1 where one of them fails
import { spawn } from 'node:child_process'

const codes = await Promise.all(process.argv.slice(2).map(run))
process.exitCode = codes.every((code) => code === 0) ? 0 : 1

function run(script) {
  const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] })
  const printed = []
  for (const output of [child.stdout, child.stderr]) output.on('data', (text) => printed.push(text))
  return new Promise((resolve) =>
    child.once('close', (code) => {
      console.log(`${script}: ${code === 0 ? 'fine' : 'failed'}`)
      process.stdout.write(Buffer.concat(printed))
      resolve(code)
    }),
  )
}
