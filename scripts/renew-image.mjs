// Pins the base image in deploy/Dockerfile to what its tag names now:
//
//   npm run image:renew [-- TAG]      default: the tag that stands there
//
// The digest is that of the whole list, so that it holds for every platform. It takes a container
// engine that reaches the registry; look at the change and test the image before it is committed.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const shipped = fileURLToPath(new URL('../deploy/Dockerfile', import.meta.url))
// Tests have a file of their own.
const file = process.env.KEYWAY_DOCKERFILE ?? shipped
const text = readFileSync(file, 'utf8')
const written = /^ARG NODE_IMAGE=(\S+)$/m.exec(text)?.[1]
if (written === undefined) throw new Error(`${file} has no ARG NODE_IMAGE`)
const tag = process.argv[2] ?? written.split('@')[0]
const inspect = ['buildx', 'imagetools', 'inspect', tag, '--format', '{{.Manifest.Digest}}']
const digest = execFileSync('docker', inspect, { encoding: 'utf8' }).trim()
if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new Error(`no digest of ${tag}: ${digest}`)
const renewed = `${tag}@${digest}`
writeFileSync(file, text.replace(`ARG NODE_IMAGE=${written}`, `ARG NODE_IMAGE=${renewed}`))
console.log(renewed === written ? `${renewed} is the latest` : `${written} → ${renewed}`)
