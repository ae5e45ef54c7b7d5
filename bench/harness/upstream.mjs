import { mkdirSync, writeFileSync } from 'node:fs'
import { cores, workFolder } from './machine.mjs'
import { startProgram } from './program.mjs'
import { answer, key } from './workload.mjs'

/** Starts an upstream that answers 401 unless exactly `x-api-key: KEY` and no authorization came. */
export function startUpstream(port) {
  mkdirSync(`${workFolder}/upstream`, { recursive: true })
  const file = `${workFolder}/upstream/nginx.conf`
  writeFileSync(file, configuration(port))
  const command = ['nginx', '-p', `${workFolder}/upstream`, '-e', 'stderr', '-c', file]
  return startProgram({ name: 'upstream', core: cores.load, command, port })
}

function configuration(port) {
  return `daemon off; master_process off; pid upstream.pid;
events { worker_connections 30000; }
http {
  access_log off; error_log stderr crit;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  keepalive_requests 1000000000; keepalive_timeout 300s;
  map_hash_bucket_size 256;
  map "$http_x_api_key|$http_authorization" $status_of_credential { default 401; "${key}|" 200; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    default_type application/json;
    location = /v1/messages {
      if ($status_of_credential = 401) { return 401 '{"type":"error"}'; }
      add_header request-id req_011CSHoEeqs5C35K2UUqR7Fy;
      add_header anthropic-ratelimit-requests-remaining 3999;
      return 200 '${answer}';
    }
    location / { return 404 '{"type":"error"}'; }
  }
}
`
}
