import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { nodePath, tlsFile, workFolder } from '../harness/machine.mjs'
import { prefix } from '../harness/workload.mjs'
import { keywayProgram, startKeyway } from './keyway.mjs'
import { haproxyConfiguration } from './servers.mjs'

/** The proxies of the benchmark of real traffic; each takes `front`, `http`, `https` or `h2` (over TLS), and `back`. */
export const trafficPeers = [
  { name: 'nginx', needs: ['nginx'], prepare: prepareNginx },
  { name: 'HAProxy', needs: ['haproxy'], prepare: prepareHaproxy },
  { name: 'Caddy', needs: ['caddy'], prepare: prepareCaddy },
  { name: 'ceiling', prepare: prepareCeiling, fronts: ['http', 'https'] },
  { name: 'Keyway', prepare: (parts) => prepareKeyway(parts, keywayProgram) },
]

// Another build beside this one, in the same run.
if (process.env.BENCH_BEFORE)
  trafficPeers.push({
    name: 'Keyway before',
    prepare: (parts) => prepareKeyway(parts, process.env.BENCH_BEFORE),
  })

function prepareNginx({ port, upstreamPort, front, back }) {
  const ssl = front !== 'http'
  const text = `daemon off; master_process off; pid nginx.pid;
events { worker_connections 30000; }
http {
  access_log off; error_log stderr crit;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  keepalive_requests 1000000000; keepalive_timeout 300s; client_max_body_size 0;
  map $http_authorization $api_key { "~^Bearer (?<key>sk-ant-.*)$" $key; }
  map $http_authorization $bearer { "~^Bearer sk-ant-" ""; default $http_authorization; }
  upstream provider { server 127.0.0.1:${upstreamPort}; keepalive 12000; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} ${ssl ? 'ssl ' : ''}${front === 'h2' ? 'http2 ' : ''}backlog=4096;
    ${ssl ? `ssl_certificate ${tlsFile('server.pem')}; ssl_certificate_key ${tlsFile('server.key')};` : ''}
    location ${prefix}/ {
      proxy_pass ${back}://provider/;
      proxy_ssl_verify on; proxy_ssl_trusted_certificate ${tlsFile('ca.pem')}; proxy_ssl_name localhost;
      proxy_http_version 1.1;
      proxy_buffering off; proxy_request_buffering off;
      proxy_read_timeout 600s;
      proxy_set_header Connection "";
      proxy_set_header X-Api-Key $api_key;
      proxy_set_header Authorization $bearer;
    }
  }
}
`
  const folder = writeFile(`traffic-nginx-${port}`, 'nginx.conf', text)
  return { command: ['nginx', '-p', folder, '-e', 'stderr', '-c', `${folder}/nginx.conf`] }
}

function prepareHaproxy({ port, upstreamPort, front, back }) {
  const pem = `${workFolder}/traffic-server.pem`
  const certificate = ['server.pem', 'server.key'].map((name) => readFileSync(tlsFile(name)))
  writeFileSync(pem, Buffer.concat(certificate))
  const alpn = front === 'h2' ? 'h2,http/1.1' : 'http/1.1'
  const bind = front === 'http' ? '' : `ssl crt ${pem} alpn ${alpn}`
  const trust = `ssl verify required ca-file ${tlsFile('ca.pem')} sni str(localhost) verifyhost localhost`
  const server = back === 'https' ? trust : ''
  const text = haproxyConfiguration(port, upstreamPort, { bind, server })
  const folder = writeFile(`traffic-haproxy-${port}`, 'haproxy.cfg', text)
  return { command: ['haproxy', '-db', '-f', `${folder}/haproxy.cfg`] }
}

function prepareCaddy({ port, upstreamPort, front, back }) {
  const ssl = front !== 'http'
  const scheme = ssl ? 'https' : 'http'
  const trust = `tls_trusted_ca_certs ${tlsFile('ca.pem')}\n        tls_server_name localhost`
  const text = `{
  admin off
  auto_https off
  log {
    output discard
  }
}
${scheme}://localhost:${port}, ${scheme}://bench.test:${port} {
  bind 127.0.0.1
  ${ssl ? `tls ${tlsFile('server.pem')} ${tlsFile('server.key')}` : ''}
  handle_path ${prefix}/* {
    @key header_regexp key Authorization ^Bearer\\s(sk-ant-.+)$
    request_header @key X-Api-Key {re.key.1}
    request_header @key -Authorization
    reverse_proxy ${back}://127.0.0.1:${upstreamPort} {
      flush_interval -1
      transport http {
        ${back === 'https' ? trust : ''}
        versions 1.1
        keepalive_idle_conns_per_host 12000
      }
    }
  }
}
`
  const folder = writeFile(`traffic-caddy-${port}`, 'Caddyfile', text)
  const command = ['caddy', 'run', '--adapter', 'caddyfile', '--config', `${folder}/Caddyfile`]
  return { command, env: { GOMAXPROCS: '1', HOME: folder } }
}

function prepareCeiling({ port, upstreamPort, front, back }) {
  const program = new URL('../programs/ceiling.mjs', import.meta.url).pathname
  const tls = front === 'https' ? [tlsFile('server.pem'), tlsFile('server.key')] : []
  const origin = `${back}://localhost:${upstreamPort}`
  return {
    command: [nodePath(), program, `${port}`, origin, prefix, tlsFile('ca.pem'), ...tls],
  }
}

/** How a build of Keyway is started for it. */
export function prepareKeyway({ port, upstreamPort, front, back }, program) {
  const tls = `tls: { cert: ${tlsFile('server.pem')}, key: ${tlsFile('server.key')} }`
  const listen = front !== 'http' ? `{ address: '127.0.0.1:${port}', ${tls} }` : `127.0.0.1:${port}`
  const trust = back === 'https' ? `, tls: { ca: ${tlsFile('ca.pem')} }` : ''
  const rule =
    '{ if: { credential: { matches: ^sk-ant- } }, use: x-api-key, else: authorization bearer }'
  const text = `version: 1
server: { listen: ${listen}, admin: off }
upstreams:
  provider: { url: '${back}://localhost:${upstreamPort}'${trust} }
routes:
  - { name: bench, match: { path: ${prefix}/* }, rewrite: { strip: ${prefix} }, upstream: provider, rules: [${rule}] }
`
  return startKeyway(`traffic-keyway-${port}`, text, program)
}

function writeFile(name, file, text) {
  const folder = `${workFolder}/${name}`
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/${file}`, text)
  return folder
}
