import { mkdirSync, writeFileSync } from 'node:fs'
import { workFolder } from '../harness/machine.mjs'
import { prefix } from '../harness/workload.mjs'

/** nginx: one worker, a map that tells the key from other bearers, upstream connections kept. */
export const nginx = {
  name: 'nginx',
  needs: ['nginx'],
  prepare: ({ port, upstreamPort }) => {
    const folder = writeFiles('nginx', { 'nginx.conf': nginxConfiguration(port, upstreamPort) })
    return { command: ['nginx', '-p', folder, '-e', 'stderr', '-c', `${folder}/nginx.conf`] }
  },
}

function nginxConfiguration(port, upstreamPort) {
  return `daemon off; master_process off; pid nginx.pid;
events { worker_connections 30000; }
http {
  access_log off; error_log stderr crit;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  keepalive_requests 1000000000; keepalive_timeout 300s;
  map $http_authorization $api_key { "~^Bearer (?<key>sk-ant-.*)$" $key; }
  map $http_authorization $bearer { "~^Bearer sk-ant-" ""; default $http_authorization; }
  upstream provider { server 127.0.0.1:${upstreamPort}; keepalive 12000; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location ${prefix}/ {
      proxy_pass http://provider/;
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_read_timeout 600s;
      proxy_set_header Connection "";
      proxy_set_header X-Api-Key $api_key;
      proxy_set_header Authorization $bearer;
    }
  }
}
`
}

/** HAProxy: one thread, one server with its connections kept and shared. */
export const haproxy = {
  name: 'HAProxy',
  needs: ['haproxy'],
  prepare: ({ port, upstreamPort }) => {
    const text = haproxyConfiguration(port, upstreamPort)
    const folder = writeFiles('haproxy', { 'haproxy.cfg': text })
    return { command: ['haproxy', '-db', '-f', `${folder}/haproxy.cfg`] }
  },
}

/** HAProxy's configuration; `bind` and `server` are what TLS adds to those lines. */
export function haproxyConfiguration(port, upstreamPort, { bind = '', server = '' } = {}) {
  return `global
  nbthread 1
  maxconn 9900
defaults
  mode http
  timeout connect 5s
  timeout client 600s
  timeout server 600s
  option http-keep-alive
  http-reuse always
frontend clients
  bind 127.0.0.1:${port} ${bind}
  acl is_key req.hdr(authorization) -m reg ^Bearer\\ sk-ant-
  http-request set-header x-api-key %[req.hdr(authorization),word(2,' ')] if is_key
  http-request del-header authorization if is_key
  http-request replace-path ^${prefix}(/.*)$ \\1
  default_backend provider
backend provider
  server provider 127.0.0.1:${upstreamPort} pool-max-conn -1 ${server}
`
}

/** Caddy: one processor, no log. */
export const caddy = {
  name: 'Caddy',
  needs: ['caddy'],
  prepare: ({ port, upstreamPort }) => {
    const text = caddyConfiguration(port, upstreamPort)
    const folder = writeFiles('caddy', { Caddyfile: text })
    const command = ['caddy', 'run', '--adapter', 'caddyfile', '--config', `${folder}/Caddyfile`]
    return { command, env: { GOMAXPROCS: '1', HOME: folder } }
  },
}

function caddyConfiguration(port, upstreamPort) {
  return `{
  admin off
  auto_https off
  log {
    output discard
  }
}
http://127.0.0.1:${port}, http://bench.test:${port} {
  bind 127.0.0.1
  handle_path ${prefix}/* {
    @key header_regexp key Authorization ^Bearer\\s(sk-ant-.+)$
    request_header @key X-Api-Key {re.key.1}
    request_header @key -Authorization
    reverse_proxy 127.0.0.1:${upstreamPort} {
      flush_interval -1
      transport http {
        keepalive_idle_conns_per_host 12000
      }
    }
  }
}
`
}

function writeFiles(name, files) {
  const folder = `${workFolder}/${name}`
  mkdirSync(folder, { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(`${folder}/${file}`, text)
  return folder
}
