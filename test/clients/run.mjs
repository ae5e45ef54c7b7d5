// Runs one folder's tests of real clients, and installs the folder's own packages first where
// they are missing or not those of its lock: node test/clients/run.mjs sdks|claude-code|commands
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [name] = process.argv.slice(2)
const folders = ['sdks', 'claude-code', 'commands']
if (!folders.includes(name)) {
  console.error(`usage: node test/clients/run.mjs ${folders.join('|')}`)
  process.exit(2)
}
const project = fileURLToPath(new URL('../..', import.meta.url))
const folder = fileURLToPath(new URL(`${name}/`, import.meta.url))

// Some have a binary for each platform they know; on any other there is nothing to run.
const platforms = /^(linux|darwin|win32)-(x64|arm64)$/
const platform = `${process.platform}-${process.arch}`
if (name !== 'sdks' && !platforms.test(platform)) {
  console.log(`skipped: ${name} has no package for ${platform}`)
  process.exit(0)
}

// Install scripts have nothing to do here; engines are wider than what the packages say.
if (!isInstalled()) run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder)
if (name === 'sdks') run('npx', ['tsc', '-p', 'test/clients/sdks/tsconfig.json'], project)
const config = 'test/clients/vitest.config.mjs'
run('npx', ['vitest', 'run', '--config', config, `test/clients/${name}/`], project)

function isInstalled() {
  const locked = Object.entries(readPackages('package-lock.json')).filter(([path]) => path !== '')
  const present = readPackages('node_modules/.package-lock.json')
  return locked.every(
    ([path, { version, optional }]) => optional || present[path]?.version === version,
  )
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(`${folder}${file}`, 'utf8')).packages
  } catch {
    return {}
  }
}

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}
