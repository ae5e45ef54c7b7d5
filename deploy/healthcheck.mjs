// Exits 0 where the admin listener answers 200: the image's HEALTHCHECK and Kubernetes' probes.
//
//   node healthcheck.mjs [URL]     default: $KEYWAY_HEALTH_URL, else http://127.0.0.1:9901/healthz
import { get } from 'node:http'

const { KEYWAY_HEALTH_URL = 'http://127.0.0.1:9901/healthz' } = process.env
const url = process.argv[2] ?? KEYWAY_HEALTH_URL
get(url, { timeout: 2_000 }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1))
