import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { cores, tlsFile, workFolder } from './machine.mjs'
import { startProgram } from './program.mjs'
import { answer, key } from './workload.mjs'

/**
 * Starts an upstream, plain at `port` and over TLS at the next one, that reads the whole of a body
 * before it answers, and answers 401 unless exactly `x-api-key: KEY` and no authorization came.
 */
export function startTrafficUpstream(port) {
  const folder = `${workFolder}/traffic-upstream`
  mkdirSync(folder, { recursive: true })
  const file = `${folder}/nginx.conf`
  writeFileSync(file, configuration(port, folder))
  // A run that was killed leaves it behind, and nginx listens on none that is there.
  rmSync(`${folder}/inner.sock`, { force: true })
  const command = ['nginx', '-p', folder, '-e', 'stderr', '-c', file]
  return startProgram({ name: 'upstream', core: cores.load, command, port })
}

function configuration(port, folder) {
  return `daemon off; master_process off; pid upstream.pid;
events { worker_connections 30000; }
http {
  access_log off; error_log stderr crit;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  keepalive_requests 1000000000; keepalive_timeout 300s;
  client_max_body_size 0; client_body_buffer_size 5m;
  map_hash_bucket_size 256;
  map "$http_x_api_key|$http_authorization" $status_of_credential { default 401; "${key}|" 200; }
  upstream inner { server unix:${folder}/inner.sock; keepalive 200; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    listen 127.0.0.1:${port + 1} ssl backlog=4096;
    ssl_certificate ${tlsFile('server.pem')};
    ssl_certificate_key ${tlsFile('server.key')};
    location = /v1/messages {
      if ($status_of_credential = 401) { return 401 '{"type":"error"}'; }
      proxy_pass http://inner;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
    }
    location / { return 404 '{"type":"error"}'; }
  }
  server {
    listen unix:${folder}/inner.sock;
    default_type application/json;
    location / {
      add_header request-id req_011CSHoEeqs5C35K2UUqR7Fy;
      return 200 '${answer}';
    }
  }
}
`
}
