// Takes out of dist what tsc wrote for sources that are gone, as all of dist is published. What has a
// source stays: programs may be running from there.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
if (existsSync(`${root}dist`)) clean('')

function clean(folder) {
  for (const entry of readdirSync(`${root}dist/${folder}`, { withFileTypes: true })) {
    const path = `${folder}${entry.name}`
    const source = entry.isDirectory() ? path : path.replace(/(\.d\.ts|\.js)$/, '.ts')
    // The bundle and the page have no sources of their own name.
    if (path === 'bin' || path === 'page') continue
    if (!existsSync(`${root}src/${source}`))
      rmSync(`${root}dist/${path}`, { recursive: true, force: true })
    else if (entry.isDirectory()) clean(`${path}/`)
  }
}
