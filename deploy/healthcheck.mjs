// The image's HEALTHCHECK: exits 0 where the admin listener answers 200. KEYWAY_HEALTH_URL says where
// it is, where the configuration moves it.
import { get } from 'node:http'

const url = process.env.KEYWAY_HEALTH_URL ?? 'http://127.0.0.1:9901/healthz'
get(url, { timeout: 2_000 }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1))
