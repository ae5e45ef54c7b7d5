/** Status lines. */
export const ODD_LINES: string[] = [
  'HTTP/1.0 200 OK',
  'HTTP/1.1 200',
  'HTTP/1.1  200 OK',
  'HTTP/1.1 200OK',
  'HTTP/2 200',
]
ODD_LINES.push(
  'HTTP/1.1 099 X',
  'HTTP/1.1 1000 X',
  'HTTP/1.1 20 X',
  'HTTP/1.1 abc X',
  'HTTP/1.1 -20 X',
)
ODD_LINES.push(
  'HTTP/1.1 600 X',
  'HTTP/1.1 999 X',
  'http/1.1 200 OK',
  'HTTP/1.1\t200\tOK',
  'ICY 200 OK',
)
ODD_LINES.push('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade', 'HTTP/1.1 101 X', '')
ODD_LINES.push(
  'HTTP/1.1 200 O\0K',
  'HTTP/1.1 200 O\nK',
  'HTTP/1.1 200 O\rK',
  'HTTP/1.1 200 \xff\x01',
  ' ',
)
ODD_LINES.push(
  `HTTP/1.1 200 ${'r'.repeat(9_000)}`,
  `HTTP/1.1 200 ${'r'.repeat(70_000)}`,
  'HTTP/1.12 200 OK',
)
ODD_LINES.push(
  'SSH-2.0-x',
  '\x16\x03\x01\x02\0',
  '<html>',
  'HTTP/1.1 205 Reset',
  'HTTP/1.1 100 Continue',
)

/** Field lines. */
export const ODD_FIELDS: string[] = [
  'X : y',
  ': y',
  'X',
  'X\0: y',
  'X: \0',
  'X: \x01',
  'X: \x7f',
  'X: a\r\n b',
  'X: a\nY: b',
]
ODD_FIELDS.push(
  'X: a\rY: b',
  'Trailer: X-Sum',
  'Upgrade: h2c',
  'Upgrade: h2c\r\nConnection: Upgrade',
)
ODD_FIELDS.push(
  'Connection: content-length',
  'Connection: transfer-encoding',
  'Connection: set-cookie, x',
)
ODD_FIELDS.push(
  'Connection: close',
  'Connection: close, keep-alive',
  'Connection: \xff',
  'Connection:',
)
ODD_FIELDS.push(
  'Keep-Alive: timeout=0',
  'Keep-Alive: timeout=1',
  'Keep-Alive: timeout=99999999999',
  'Keep-Alive: x',
)
ODD_FIELDS.push(
  'Proxy-Authenticate: Basic',
  'TE: trailers',
  'Proxy-Connection: close',
  'x-keyway-error: no',
)
ODD_FIELDS.push(
  'Content-Encoding: gzip',
  '__proto__: x',
  'X: y\r\n'.repeat(200).trim(),
  'Date: x\r\nDate: y',
)
ODD_FIELDS.push(
  'X: y\r\n'.repeat(3_000).trim(),
  `X: ${'a'.repeat(60_000)}`,
  `X: ${'a'.repeat(70_000)}`,
)
ODD_FIELDS.push(
  `${'x'.repeat(20_000)}: y`,
  'X: HTTP/1.1 200 OK',
  'Set-Cookie: a=1\r\n'.repeat(50).trim(),
)

/** Values of Content-Length that readers disagree on. */
export const ODD_LENGTHS: string[] = [
  '+5',
  '-1',
  '0x5',
  '5,5',
  '5, 6',
  '5 5',
  '5\0',
  '',
  '5;',
  '1e1',
  '5.0',
  ' 05 ',
  '\xb25',
]
ODD_LENGTHS.push(
  '99999999999999999999',
  '18446744073709551621',
  '5\r\nContent-Length: 5',
  '5\r\nContent-Length: 6',
)

/** Values of Transfer-Encoding that readers disagree on. */
export const ODD_CODINGS: string[] = [
  'gzip, chunked',
  'chunked, gzip',
  'gzip',
  'identity',
  'xchunked',
  '\x0bchunked',
  '',
]
ODD_CODINGS.push(
  'chunked\r\nTransfer-Encoding: chunked',
  'chunked\r\nTransfer-Encoding: gzip',
  'CHUNKED',
  '"chunked"',
)
ODD_CODINGS.push(
  'identity\r\nTransfer-Encoding: chunked',
  'chunked;q=1',
  'chunked, chunked',
  'chunked\r\nContent-Length: 5',
)

/** Lines before a chunk of five bytes. */
export const ODD_CHUNK_LINES: string[] = [
  '0x5',
  '+5',
  '-5',
  '5 ',
  ' 5',
  '',
  'g',
  '5\n',
  '5\r',
  '5\0',
  '5;\n',
  'fffffffffffffffff',
]
ODD_CHUNK_LINES.push(
  '10000000000000005',
  '5;a="\r\n"',
  '5;;',
  `5;a=${'x'.repeat(20_000)}`,
  '5_0',
  '0005',
  '7fffffff',
)

/** Interim responses. */
export const INTERIM: string[] = [
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
  'HTTP/1.1 102 Processing\r\n\r\n',
]
INTERIM.push(
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 199 X\r\n\r\n',
  'HTTP/1.1 103 E\r\nContent-Length: 5\r\n\r\n',
)
INTERIM.push(
  'HTTP/1.1 100 C\r\nTransfer-Encoding: chunked\r\n\r\n',
  'HTTP/1.1 103 \r\nConnection: close\r\n\r\n',
)
INTERIM.push(
  'HTTP/1.1 103 E\r\nX: \0\r\n\r\n',
  'HTTP/1.1 103 E\nX: y\n\n',
  'HTTP/1.1 101 S\r\n\r\n',
  'HTTP/1.1 110 \xff\r\n\r\n',
)
