/** Transfer-Encoding fields that readers disagree on. */
export const ODD_CODINGS: string[] = [
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\tchunked',
  'Transfer-Encoding: \x0bchunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: identity, chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, chunked',
  'Transfer-Encoding: "chunked"',
  'Transfer-Encoding: chunked;q=1',
  'Transfer-Encoding: CHUNKED',
  'Transfer-Encoding: chunk',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: x',
  'Transfer-Encoding: x\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding:\r\n chunked',
  'Transfer-Encoding\r\n: chunked',
  ' Transfer-Encoding: chunked',
  'X: y\nTransfer-Encoding: chunked',
  'X: y\rTransfer-Encoding: chunked',
  'X: y\0\r\nTransfer-Encoding: chunked',
  'Transfer_Encoding: chunked',
  'Transfer-Encoding: chunked\xa0',
  'Transfer-Encoding: chun\xeb\xa7ed',
  'Transfer-Encoding:',
  'transfer-encoding: chunked\t ',
]

/** Values of Content-Length that readers disagree on. */
export const ODD_LENGTHS: string[] = [
  '+5',
  '-1',
  '0x5',
  '5,5',
  '5, 6',
  '5 5',
  '05',
  '5\0',
  '',
  '5;',
  '1e1',
  '5.0',
]
ODD_LENGTHS.push('99999999999999999999', '18446744073709551621', '4294967301', '\x0b5', '5\t', ' 5')
ODD_LENGTHS.push('\xb25', '5\r\nContent-Length: 5', '5\r\nContent-Length: 6', '5\r\n 6', '\xd9\xa5')

/** Lines before a chunk of five bytes. */
export const ODD_CHUNK_LINES: string[] = [
  '0x5',
  '+5',
  '-5',
  '5 ',
  ' 5',
  '5\t',
  '',
  'g',
  '5\n',
  '5\r',
  '5\0',
  '5;\n',
]
ODD_CHUNK_LINES.push(
  'fffffffffffffffff',
  '10000000000000005',
  '100000005',
  '0000000000000000000005',
)
ODD_CHUNK_LINES.push(
  '5;a="\r\n"',
  '5;a=b c',
  '5;;',
  '5;=',
  '5 ;a=b',
  `5;a=${'x'.repeat(20_000)}`,
  '5,5',
)
ODD_CHUNK_LINES.push('5;a\0', '5;\x7f', '5;a\r', '5\x0b', '5_0', '5h')

/** Field lines. */
export const ODD_LINES: string[] = [
  'X : y',
  ': y',
  'X',
  'X\0: y',
  'X: \0',
  'X: \x01',
  'X: \x7f',
  'X\t: y',
  'X\xe9: y',
]
ODD_LINES.push(
  'X: a\r\n b',
  'X: a\r\n\tb',
  'X: a\nY: b',
  'X: a\rY: b',
  'X(: y',
  'X: \x1b[2J',
  '"X": y',
)
ODD_LINES.push('Host: other.test', 'Host:', 'Host: a b', 'Host: u@a', 'Host: a/b', 'Host: [::1]:80')
ODD_LINES.push(
  'Connection: close, x-api-key',
  'Connection: x-api-key, authorization',
  'Connection: ,,',
)
ODD_LINES.push('Connection: content-length, transfer-encoding, host', 'Connection: Upgrade')
ODD_LINES.push('Connection: close', 'Connection: \x80', 'Connection: keep-alive, x-f1')
ODD_LINES.push(
  'Keep-Alive: timeout=1',
  'Proxy-Connection: close',
  'Proxy-Authorization: Basic FAKE',
)
ODD_LINES.push(
  'TE: trailers',
  'TE: chunked, gzip;q=0',
  'Trailer: X-Api-Key',
  'Trailer: content-length',
)
ODD_LINES.push('Expect: 100-continue', 'Expect: 100-Continue', 'Expect: a-miracle', 'Expect:')
ODD_LINES.push('Expect: 100-continue, x', 'Expect: 100-continue\r\nExpect: x', 'Max-Forwards: 0')
ODD_LINES.push('Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk')
ODD_LINES.push('Upgrade: h2c\r\nConnection: Upgrade', 'Upgrade: foo/1, bar\r\nConnection: upgrade')
ODD_LINES.push('Upgrade: websocket\r\nConnection: Upgrade', 'Upgrade: websocket', 'Upgrade:')
ODD_LINES.push('Upgrade: websocket, h2c\r\nConnection: Upgrade')
ODD_LINES.push(
  'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
)
ODD_LINES.push(
  'X-Forwarded-For: 6.6.6.6',
  'Forwarded: for=6.6.6.6',
  'X-Request-Id: a\tb',
  'Via: 1.1 x',
)
ODD_LINES.push(
  `X: ${'a'.repeat(17_000)}`,
  `X: ${'a'.repeat(15_500)}`,
  'X: y\r\n'.repeat(150).trim(),
)
ODD_LINES.push(
  'X: y\r\n'.repeat(1_200).trim(),
  `${'x'.repeat(9_000)}: y`,
  '__proto__: x',
  'constructor: x',
)

/** Request targets. */
export const ODD_TARGETS: string[] = [
  '*',
  '/',
  '',
  '//',
  '/up/../x',
  '/up/%2e%2e/x',
  '/up/..%2fx',
  '/up/\\..\\x',
]
ODD_TARGETS.push(
  '/up/%252e%252e/x',
  '/up/x#y',
  '/up/\0',
  '/up/a b',
  '/up/\x7f',
  '/up/\t',
  'up/x',
  '?x',
)
ODD_TARGETS.push('http://', 'http:///up/x', 'http://u:p@h/up/x', 'HTTP://H/up/x', 'ftp://h/up/x')
ODD_TARGETS.push(
  'https://h:99/up/x',
  'http://h\\up/x',
  'http://h?x',
  'h:80',
  '/up/%',
  '/up/%zz',
  '/%75p/x',
)
ODD_TARGETS.push(
  `/up/${'a'.repeat(17_000)}`,
  `/up/${'../'.repeat(500)}`,
  '/up/%00',
  '/up/%0d%0aX:%20y',
)
ODD_TARGETS.push('/up/x HTTP/1.1\r\nX: y\r\n\r\nGET', '/up/;x', '/up?x=/../', '//up/x', '/up//../x')

/** Ends of a request line. */
export const ODD_VERSIONS: string[] = [
  'HTTP/1.0',
  'HTTP/2.0',
  'HTTP/0.9',
  'HTTP/1.2',
  'HTTP/1.10',
  'HTTP/11',
  'http/1.1',
]
ODD_VERSIONS.push(
  'HTTP/1.1 ',
  'HTTP/1.',
  'HTTP/9.9',
  '',
  'HTTP/1.1\n',
  'HTTP /1.1',
  'ICE/1.0',
  'RTSP/1.0',
)

/** Beginnings of a request line. */
export const ODD_METHODS: string[] = [
  'CONNECT',
  'TRACE',
  'get',
  'FOO',
  'G\0T',
  'GET ',
  ' GET',
  'GET\t',
  'PRI',
  'SOURCE',
]
ODD_METHODS.push(
  '',
  'GE',
  '\xe9',
  'POST GET',
  'x'.repeat(5_000),
  'LINK',
  'PURGE',
  'ANNOUNCE',
  'DESCRIBE',
)

/** Beginnings of other protocols. */
export const NOT_HTTP: string[] = [
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0',
  '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03',
]
NOT_HTTP.push(
  '\0'.repeat(50),
  'SSH-2.0-x\r\n',
  '\n\n\n\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
)
NOT_HTTP.push(
  'PROXY TCP4 6.6.6.6 6.6.6.6 1 2\r\n',
  '\x0d\x0a\x0d\x0a\0\x0d\x0aQUIT\x0a!',
  'GET /up/x\r\n\r\n',
)
