/** The cases of h2spec that Keyway misses, SECTION/CASE, and why; told in docs/robustness.md too. */
export const EXPLAINED = new Map([
  [
    'http2/5.1/8',
    'nghttp2 passes over frames of a stream that is closed: nothing is served by them',
  ],
  ['http2/5.1/9', 'as 5.1/8'],
  ['http2/5.1/11', 'as 5.1/8'],
  ['http2/5.1/12', 'as 5.1/8'],
  ['http2/5.1.1/2', 'as 5.1/8: a lower number is a stream that is closed'],
  ['http2/6.7/2', 'Node closes a connection on which an unasked PING is acknowledged'],
  ['http2/6.9.1/2', 'the connection ends, by a GOAWAY of another code'],
])
