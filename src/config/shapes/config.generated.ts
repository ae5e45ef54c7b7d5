// Generated from schemas/routes.schema.json by `npm run schema:generate`. Do not edit.

/**
 * A number of bytes: a number with B, KiB, MiB or GiB, such as 64KiB or 32MiB.
 */
export type Size = string
/**
 * A length of time: a number with ms, s, m or h, such as 500ms, 30s or 5m.
 */
export type Duration = string
/**
 * A service: its URL (http or https, with an optional base path), `builtin:echo`, or an object.
 */
export type Upstream =
  | string
  | {
      /**
       * The URL of the service (http or https, with an optional base path), or builtin:echo.
       */
      url?: string
      /**
       * Several origins of one service, in place of `url`: URLs, or objects with a weight. All https or all http.
       *
       * @minItems 1
       */
      targets?: Target[]
      balance?: Balance
      health?: Health
      eject?: Eject
      retry?: Retry
      /**
       * Speaks HTTP/2 with the upstream where it offers it (https only). Default: false.
       */
      http2?: boolean
      /**
       * A unix socket to connect to; `url` then only says the Host and the base path.
       */
      socket?: string
      /**
       * The outbound HTTP proxy to go through by CONNECT: its URL, or `env` for what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say. Default: none.
       */
      proxy?: string
      /**
       * A known provider: short for its url, accepts, errors and default rules. See `keyway explain`.
       */
      provider?: string
      /**
       * Tells the upstream who asked, by X-Forwarded-For, -Proto, -Host and Forwarded. By default it is told, unless it has a provider.
       */
      forwarded?: boolean
      /**
       * The kinds of credential that may leave for this host; any other is refused with 403.
       *
       * @minItems 1
       *
       * Items: A kind of credential.
       */
      accepts?: string[]
      errors?: Envelope
      /**
       * How the upstream's certificate is checked and Keyway shows its own.
       */
      tls?: {
        /**
         * File with the CA certificates to trust instead of the public ones, PEM.
         */
        ca?: string
        /**
         * File with the client certificate, PEM.
         */
        cert?: string
        /**
         * File with the client certificate's key, PEM.
         */
        key?: string
        /**
         * The name to ask for and to verify, where it is not the URL's host.
         */
        servername?: string
        /**
         * Skips verification: anyone on the path can read the credentials. `check` warns.
         */
        insecure?: boolean
      }
      limits?: UpstreamLimits
    }
/**
 * An origin: its URL, or an object with `url` and `weight`.
 */
export type Target =
  | string
  | {
      /**
       * The URL of the origin (http or https, with an optional base path).
       */
      url: string
      /**
       * Its share of the requests, relative to the others. Default: 1.
       */
      weight?: number
    }
/**
 * Which target takes a request: round-robin (in turn, by weight), least-requests (the one with the fewest under way, by weight), or an object with `hash`. Default: round-robin.
 */
export type Balance =
  | string
  | {
      /**
       * What makes requests alike: `credential`, `client` (its name, else its address) or `header NAME`. A request without it goes in turn.
       */
      hash: string
    }
/**
 * Takes a target out for a while where its requests fail, or `off`. On by default with two or more targets.
 */
export type Eject =
  | string
  | {
      /**
       * Failures in a row (no connection, a reset, a time-out, 502, 503, 504) after which a target is ejected. Default: 5.
       */
      failures?: number
      for?: Duration
      recover?: Duration
    }
/**
 * The shape of Keyway's own answers from status 400: Anthropic's, OpenAI's or problem+json. Default: the provider's, else problem.
 */
export type Envelope = 'anthropic' | 'openai' | 'problem'
/**
 * What a value must be: a text to equal, a list to be one of, or a matcher, whose keys must all hold.
 *
 * @minItems 1
 */
export type Matcher =
  | string
  | string[]
  | {
      /**
       * Holds when the value is exactly this text.
       */
      equals?: string
      /**
       * Holds when the value starts with this text.
       */
      prefix?: string
      /**
       * Holds when the value ends with this text.
       */
      suffix?: string
      /**
       * Holds when the value contains this text.
       */
      contains?: string
      /**
       * Holds when this regular expression (RE2 syntax, linear time) finds a match; anchor it with ^ and $. Named groups can be used as ${capture.NAME}.
       */
      matches?: string
      /**
       * Holds when the value is one of these.
       *
       * @minItems 1
       */
      in?: string[]
      /**
       * true: holds when there is a value at all; false: holds when there is none.
       */
      present?: boolean
    }
/**
 * A rule: an object, or a sentence such as `if credential matches ^sk-ant- use x-api-key else authorization bearer`.
 */
export type Rule =
  | string
  | {
      /**
       * The name in explain and tests. Default: its place, as rules[0].
       */
      name?: string
      if?: Condition
      use?: Placement
      also?: Also
      request?: RequestOperations
      response?: ResponseOperations
      rewrite?: Rewrite
      /**
       * Sends the request to this upstream instead of the route's.
       */
      upstream?: string
      reject?: Reject
      /**
       * What happens where `if` does not hold: a placement, such as `authorization bearer`, or an object. Ends the search.
       */
      else?:
        | string
        | {
            use?: Placement
            also?: Also
            request?: RequestOperations
            response?: ResponseOperations
            rewrite?: Rewrite
            /**
             * Sends the request to this upstream instead of the route's.
             */
            upstream?: string
            reject?: Reject
          }
      /**
       * Whether later rules are tried after this one was applied. Default: false.
       */
      continue?: boolean
    }
/**
 * Where the credential is put on the upstream request; every other place is cleared. `x-api-key`, `authorization bearer`, `authorization token`, any header with an optional scheme, `query NAME`, `none`, or an object.
 */
export type Placement =
  | string
  | {
      /**
       * The header to put it in.
       */
      header?: string
      /**
       * The scheme before it, such as Bearer.
       */
      scheme?: string
      /**
       * The query parameter to put it in.
       */
      query?: string
      /**
       * The cookie to put it in.
       */
      cookie?: string
      /**
       * The WebSocket subprotocol to put it in: `PREFIX*` or `WORD *`.
       */
      subprotocol?: string
      /**
       * Credentials of the Basic scheme (RFC 7617), encoded together; in authorization unless `header` names another.
       */
      basic?: {
        /**
         * The user; no colon can stand in it. May hold what `value` may.
         */
        user: string
        /**
         * The password. May hold what `value` may.
         */
        password: string
      }
      /**
       * Another credential to put in its place, such as ${secret.NAME}. ${credential} is the client's own. May hold ${secret.NAME}, ${env.NAME}, ${request.header.NAME}, ${request.id}, ${client.ip}, ${client.name} and ${capture.NAME}.
       */
      value?: string
    }
/**
 * Credentials that go along beside the one that `use` places, each bound by `accepts`: a place, such as `x-api-key`, for the client's own that stands there, or a place with the value of another, such as `{ header: x-api-key, value: "${secret.NAME}" }`; or a list of these. Without it exactly one credential leaves.
 *
 * @minItems 1
 */
export type Also =
  | string
  | {
      /**
       * The header to put it in.
       */
      header?: string
      /**
       * The scheme before it, such as Bearer.
       */
      scheme?: string
      /**
       * The query parameter to put it in.
       */
      query?: string
      /**
       * The cookie to put it in.
       */
      cookie?: string
      /**
       * The WebSocket subprotocol to put it in: `PREFIX*` or `WORD *`.
       */
      subprotocol?: string
      /**
       * Credentials of the Basic scheme (RFC 7617), encoded together; in authorization unless `header` names another.
       */
      basic?: {
        /**
         * The user; no colon can stand in it. May hold what `value` may.
         */
        user: string
        /**
         * The password. May hold what `value` may.
         */
        password: string
      }
      /**
       * Another credential to put in its place, such as ${secret.NAME}. ${credential} is the client's own. May hold ${secret.NAME}, ${env.NAME}, ${request.header.NAME}, ${request.id}, ${client.ip}, ${client.name} and ${capture.NAME}.
       */
      value?: string
    }
  | Placement[]
/**
 * A header name.
 */
export type HeaderName = string
/**
 * Answers the request instead of forwarding it: a status from 400, or an object with `status` (from 200), `message` and `headers`.
 */
export type Reject =
  | number
  | {
      /**
       * The status. Default: 403.
       */
      status?: number
      /**
       * The message to the client; below status 400 the whole body, as text.
       */
      message?: string
      /**
       * Header → value to answer with. May hold ${env.NAME}, ${request.header.NAME}, ${request.id}, ${client.ip}, ${client.name} and ${capture.NAME}.
       */
      headers?: {
        [k: string]: string
      }
    }

/**
 * Keyway's configuration: which request goes to which upstream, and how its credential travels there.
 */
export interface Config {
  /**
   * The version of this file format; always 1.
   */
  version: 1
  server?: Server
  /**
   * Credentials of the operator, by reference only: a file or an environment variable. Used in values as ${secret.NAME}.
   */
  secrets?: {
    [k: string]: Secret
  }
  /**
   * Kinds of credential that this file adds to the shipped catalogue or overrides in it.
   */
  credentials?: {
    [k: string]: Kind
  }
  clients?: Clients
  audit?: Audit
  /**
   * The services that requests are sent to, by name.
   */
  upstreams?: {
    [k: string]: Upstream
  }
  /**
   * Which request goes where. The most specific path wins; order decides only among equals.
   */
  routes?: Route[]
  /**
   * How many requests a client, a credential, an address or a route may make; more is answered 429 with Retry-After. Kept in memory, shared by the workers of a machine, or in `server.store`.
   */
  limits?: Limit[]
  /**
   * What must hold of all requests. It is proved whenever the file is read; a file that breaks one is refused, with a request that does.
   */
  invariants?: Invariant[]
  /**
   * Requests and what must become of them; run with `keyway test`.
   */
  tests?: Test[]
}
/**
 * Where Keyway listens and what it lets in.
 */
export interface Server {
  /**
   * Where clients connect: host:port, [::]:port or unix:/path, or an object with `address` and `tls`. Needs a restart to change. Default: 127.0.0.1:8080.
   */
  listen?:
    | string
    | {
        /**
         * host:port, [ipv6]:port or unix:/path.
         */
        address: string
        /**
         * Serves HTTPS (HTTP/1.1 and HTTP/2) with this certificate; reloaded when its files change.
         */
        tls?: {
          /**
           * File with the certificate chain, PEM.
           */
          cert: string
          /**
           * File with the private key, PEM.
           */
          key: string
        }
      }
  /**
   * Where health, metrics, what runs and the admin page are served: host:port, [ipv6]:port or unix:/path, an object with `listen` and `token`, or `off`. Needs a restart to change. Default: 127.0.0.1:9901.
   */
  admin?:
    | string
    | {
        /**
         * host:port, [ipv6]:port or unix:/path.
         */
        listen: string
        /**
         * What whoever asks has to show as a bearer or as a password; health pages need none. Without it a listener that others can reach serves health and metrics alone.
         */
        token?: {
          /**
           * File with the token; read anew when it changes.
           */
          file?: string
          /**
           * Environment variable with the token.
           */
          env?: string
        }
      }
  /**
   * Peers (IP addresses or CIDRs) whose X-Forwarded-* and Forwarded are believed and appended to; everyone else's are overwritten. Default: none.
   */
  trust?: string[]
  /**
   * Origins of web pages, such as https://app.example.com, that may send requests to which a secret is added without a client's token; *: all. Default: none.
   *
   * @minItems 1
   */
  origins?: string[]
  /**
   * Names beside localhost by which a listener on loopback may be asked for what a secret is added to: exact, *.example.com, or *. Default: none.
   *
   * @minItems 1
   */
  hosts?: string[]
  /**
   * Adds a Via header under this pseudonym to requests and responses.
   */
  via?: string
  /**
   * What becomes of a request header such as X_Tenant whose dashed twin the file or Keyway writes, looks at or takes away: CGI-style servers can't tell the two apart. Default: drop.
   */
  underscores?: 'drop' | 'keep'
  /**
   * Writes one line a request to the log, without its query and headers. Default: false.
   */
  accessLog?: boolean
  /**
   * What becomes of traceparent and tracestate (W3C trace context): `pass` sends valid ones on and makes others anew, `make` makes them where a client sent none too, `drop` sends none. Default: pass.
   */
  trace?: 'pass' | 'make' | 'drop'
  /**
   * How the log is written.
   */
  log?: {
    /**
     * Lines of a lower level are not written; access lines are of level info. Default: as the log was created, which is info.
     */
    level?: 'debug' | 'info' | 'warn' | 'error' | 'silent'
    /**
     * How a line is written: json or logfmt for programs, pretty for people. Default: none, which is pretty on a terminal and json elsewhere.
     */
    format?: 'json' | 'logfmt' | 'pretty'
    /**
     * Share of the access lines that is written of requests that went well; those of errors and refusals are written all, and how many were left out is told. Default: 100%.
     */
    sample?: string
  }
  /**
   * Limits on clients.
   */
  limits?: {
    headers?: Size
    /**
     * Number of request header fields; more is answered 431. Default: 100.
     */
    headerFields?: number
    headersTimeout?: Duration
    body?: Size
    bodyIdle?: Duration
    keepAlive?: Duration
    /**
     * Client connections at one time. Needs a restart to change. Default: 10000.
     */
    connections?: number
    /**
     * Client connections that one address may hold at one time; an IPv6 address counts by its /64 network. Peers in `server.trust` are not counted. Needs a restart to change. Default: nine tenths of `connections`, and loopback addresses are not counted.
     */
    connectionsPerAddress?: number
    /**
     * Requests that one address may have under way at one time, HTTP/2 streams and WebSockets among them; behind a peer in `server.trust` the client that it names counts. Needs a restart to change. Default: as many as `connections`, and loopback addresses are not counted.
     */
    requestsPerAddress?: number
    message?: Size
    keptBodies?: Size
    drain?: Duration
  }
  /**
   * Where `limits` are counted, where several machines share them; default: in memory. Needs a restart to change.
   */
  store?: {
    /**
     * URL of a Redis server: redis://host:port/db, or rediss:// over TLS.
     */
    redis: string
    /**
     * What happens to requests that have a limit while the store does not answer: `open` lets them pass uncounted, `closed` answers 503. Default: closed.
     */
    away?: 'open' | 'closed'
  }
}
/**
 * Where a secret is read from: exactly one of a file (read anew when it changes), an environment variable, or a pool.
 */
export interface Secret {
  /**
   * File that holds the secret; white space around it is trimmed, an empty one fails closed.
   */
  file?: string
  /**
   * Environment variable that holds the secret.
   */
  env?: string
  /**
   * Several API keys used in turn. A key that the upstream answers 429 rests for Retry-After or `cooldown`.
   *
   * @minItems 1
   *
   * Items: One key of the pool.
   */
  pool?: {
    /**
     * File that holds the key.
     */
    file?: string
    /**
     * Environment variable that holds the key.
     */
    env?: string
  }[]
  cooldown?: Duration
}
/**
 * A shape of credential, told by how its value starts.
 */
export interface Kind {
  /**
   * Values that start with one of these are of this kind; the longest prefix of all kinds wins.
   *
   * @minItems 1
   */
  prefixes?: string[]
  /**
   * Values this regular expression matches are of this kind, where no prefix fits.
   */
  matches?: string
  /**
   * The provider that issues it.
   */
  provider?: string
  /**
   * What it is, in words; used in messages.
   */
  description?: string
  /**
   * never: refused everywhere. admin: refused on inference routes. Default: inference.
   */
  forward?: 'never' | 'inference' | 'admin'
  /**
   * never: refused in a pool of secrets, as it stands for one login. Default: allowed.
   */
  pool?: 'never' | 'allowed'
  /**
   * What to send instead; told to a client whose credential is refused.
   */
  instead?: string
  /**
   * Whether other providers' credentials start the same, so that this kind is a guess.
   */
  ambiguous?: boolean
}
/**
 * Who may use the proxy: clients present a token in a header of its own, which never reaches an upstream.
 */
export interface Clients {
  /**
   * Where a client's token stands: a header, or a list of places in order, each a header, `query NAME`, `cookie NAME` or `subprotocol PREFIX*`. A scheme before it, such as Bearer, does not count. Default: x-keyway-token.
   *
   * @minItems 1
   */
  header?: string | string[]
  /**
   * Whether requests are counted by the client's name in the metrics, too. Default: false.
   */
  metrics?: boolean
  /**
   * Whether a request without a valid token is answered 401. Default: true.
   */
  required?: boolean
  /**
   * Whether a CORS preflight, which no browser sends a token with, needs one (closed) or is let through (open). Default: closed.
   */
  preflight?: 'closed' | 'open'
  /**
   * Client name → the file with the SHA-256 of its token, in hex.
   */
  tokens: {
    /**
     * The hashed token of one client.
     */
    [k: string]: {
      /**
       * File with the SHA-256 of the token in hex, as sha256sum prints it; one a line, so that tokens can be rotated.
       */
      file: string
    }
  }
}
/**
 * A trail of each use and refusal of a secret under `secrets`: one JSON line each, chained to the one before by a hash.
 */
export interface Audit {
  /**
   * The file that lines are added to; a relative name starts from the configuration's folder.
   */
  file: string
  /**
   * What happens to requests to which a secret is added while the file can't be written: `closed` answers 503, `open` lets them pass without a line. Default: closed.
   */
  away?: 'open' | 'closed'
}
/**
 * Asks every target regularly; one that fails gets no requests, unless all do.
 */
export interface Health {
  /**
   * The path to GET, as it is: no base path comes before it.
   */
  path: string
  interval?: Duration
  timeout?: Duration
  /**
   * Good answers in a row after which a target is up again. Default: 2.
   */
  healthy?: number
  /**
   * Bad answers in a row after which a target is down. Default: 3.
   */
  unhealthy?: number
  /**
   * Statuses that are good answers. Default: 200.
   *
   * @minItems 1
   */
  status?: number[]
}
/**
 * When a request that failed is sent again. A response that has begun is never taken back.
 */
export interface Retry {
  /**
   * How often a request may be sent again; 0: never. Default: 1.
   */
  attempts?: number
  /**
   * Failures after which it is sent again: `connect` (no byte was sent), `reset` (the connection broke), `timeout`, `5xx`, or a status. Default: [connect].
   *
   * Items: A failure: connect (no byte was sent), reset (the connection broke before the response), timeout (no response in time), 5xx (any such status), or a status.
   */
  on?: (string | number)[]
  /**
   * Methods that may be carried out twice: after reset, timeout and 5xx statuses other than 503 and 529 only these are sent again. Default: GET, HEAD, OPTIONS, PUT, DELETE.
   *
   * @minItems 1
   */
  methods?: string[]
  /**
   * Retries as a share of all requests; beyond it failures are answered. Default: 20%.
   */
  budget?: string
  backoff?: Duration
  maxBackoff?: Duration
  buffer?: Size
}
/**
 * Limits towards an upstream.
 */
export interface UpstreamLimits {
  connect?: Duration
  responseHeaders?: Duration
  idle?: Duration
  total?: Duration
  /**
   * Connections to one target. Default: 1024.
   */
  connections?: number
  /**
   * Requests that may wait for a connection; more are answered 503. Default: 1024.
   */
  queue?: number
  keepAlive?: Duration
  connectionAge?: Duration
}
/**
 * A match on the request, and the upstream that serves it.
 */
export interface Route {
  /**
   * The name in logs, explain and tests.
   */
  name: string
  /**
   * What a request must be like. All that stands here must hold.
   */
  match: {
    /**
     * /exact, /with/:parameter, or /prefix/* (the prefix itself and everything below it).
     */
    path: string
    /**
     * Host names, exact or *.example.com; without port.
     *
     * @minItems 1
     */
    hosts?: string[]
    /**
     * Methods, in capitals.
     *
     * @minItems 1
     */
    methods?: string[]
    /**
     * Header name → what its value must be.
     */
    headers?: {
      [k: string]: Matcher
    }
  }
  /**
   * both: a path that lenient servers read as another one (//, ;a=b, %2F) is refused with 400 where that one would be decided otherwise. exact: it is matched as it comes. Default: both.
   */
  paths?: 'both' | 'exact'
  rewrite?: Rewrite
  /**
   * The upstream that serves this route, by name.
   */
  upstream?: string
  retry?: Retry
  /**
   * Upstreams to ask, in order, where this one fails before its response has begun.
   *
   * @minItems 1
   */
  fallback?: Fallback[]
  /**
   * Where the client's credential is looked for, and what two of them mean.
   */
  credential?: {
    /**
     * Places in order: a header name, `query NAME`, `cookie NAME`, `subprotocol PREFIX*` or `subprotocol WORD *`. Default: authorization, x-api-key, api-key, x-goog-api-key, and those of the provider.
     *
     * @minItems 1
     */
    from?: string[]
    /**
     * Two different credentials: reject with 400, or take the first. Default: reject.
     */
    conflict?: 'reject' | 'first'
  }
  also?: Also
  /**
   * Tried top to bottom; the first whose `if` holds is applied.
   */
  rules?: Rule[]
  request?: RequestOperations
  response?: ResponseOperations
  reject?: Reject
  errors?: Envelope
  /**
   * Limits of this route, in place of the server's and the upstream's.
   */
  limits?: {
    body?: Size
    responseHeaders?: Duration
    idle?: Duration
    total?: Duration
  }
}
/**
 * How the path changes on the way; the upstream's base path comes before the result.
 */
export interface Rewrite {
  /**
   * Takes this leading path off.
   */
  strip?: string
  /**
   * Puts this path on.
   */
  prefix?: string
  /**
   * Writes the path anew; :parameter and ${capture.NAME} stand for what matched, * for the rest.
   */
  path?: string
  /**
   * Changes the query.
   */
  query?: {
    /**
     * Parameters to take out.
     *
     * @minItems 1
     */
    remove?: string[]
    /**
     * Parameter → value to write.
     */
    set?: {
      [k: string]: string
    }
  }
}
/**
 * Another upstream, asked where the one before it failed; by its own rules and credentials.
 */
export interface Fallback {
  /**
   * The upstream, by name. It must say what it accepts.
   */
  upstream: string
  /**
   * Failures after which it is asked: `connect`, `reset`, `timeout`, `5xx`, or a status. Default: [connect, timeout, 5xx, 429].
   *
   * @minItems 1
   *
   * Items: A failure: connect (no byte was sent), reset (the connection broke before the response), timeout (no response in time), 5xx (any such status), or a status.
   */
  on?: (string | number)[]
  /**
   * Rules in place of the route's own. Default: those of the upstream's provider, else none.
   */
  rules?: Rule[]
  rewrite?: Rewrite
  request?: RequestOperations
}
/**
 * What a request must be like. Keys side by side must all hold.
 */
export interface Condition {
  /**
   * The credential that the client presents.
   */
  credential?: {
    /**
     * Its kind, or kinds, in the catalogue, such as anthropic-api-key.
     *
     * @minItems 1
     */
    kind?: string | string[]
    /**
     * Its scheme: bearer, token, basic… or none.
     *
     * @minItems 1
     */
    scheme?: string | string[]
    /**
     * Where it was found: a header name, `query NAME`, `cookie NAME` or `subprotocol PREFIX*`.
     *
     * @minItems 1
     */
    source?: string | string[]
    /**
     * Holds when the value is exactly this text.
     */
    equals?: string
    /**
     * Holds when the value starts with this text.
     */
    prefix?: string
    /**
     * Holds when the value ends with this text.
     */
    suffix?: string
    /**
     * Holds when the value contains this text.
     */
    contains?: string
    /**
     * Holds when this regular expression (RE2 syntax, linear time) finds a match; anchor it with ^ and $. Named groups can be used as ${capture.NAME}.
     */
    matches?: string
    /**
     * Holds when the value is one of these.
     *
     * @minItems 1
     */
    in?: string[]
    /**
     * true: holds when there is a value at all; false: holds when there is none.
     */
    present?: boolean
  }
  method?: Matcher
  path?: Matcher
  host?: Matcher
  /**
   * Header name → what its value must be.
   */
  header?: {
    [k: string]: Matcher
  }
  /**
   * Query parameter → what its value must be.
   */
  query?: {
    [k: string]: Matcher
  }
  /**
   * Who the client is.
   */
  client?: {
    /**
     * Its IP address: an address, a CIDR, or a list of them.
     *
     * @minItems 1
     */
    ip?: string | string[]
    name?: Matcher
  }
  /**
   * All of these hold.
   *
   * @minItems 1
   */
  all?: Condition[]
  /**
   * At least one of these holds.
   *
   * @minItems 1
   */
  any?: Condition[]
  not?: Condition
}
/**
 * Header operations on a request, in the order remove, rename, set, add, append; and its Host.
 */
export interface RequestOperations {
  /**
   * The Host that leaves: `preserve` for the client's own, or a name, with a port where it needs one. By default it is the upstream's.
   */
  host?: string
  /**
   * Headers to take out.
   *
   * @minItems 1
   */
  remove?: HeaderName[]
  /**
   * Old name → new name.
   */
  rename?: {
    [k: string]: HeaderName
  }
  /**
   * Header → value; overwrites. May hold ${secret.NAME}, ${env.NAME}, ${request.header.NAME}, ${request.id}, ${client.ip}, ${client.name} and ${capture.NAME}.
   */
  set?: {
    [k: string]: string
  }
  /**
   * Header → value, only where the header is absent. May hold ${secret.NAME}, ${env.NAME}, ${request.header.NAME}, ${request.id}, ${client.ip}, ${client.name} and ${capture.NAME}.
   */
  add?: {
    [k: string]: string
  }
  /**
   * Header → one more value. May hold ${secret.NAME}, ${env.NAME}, ${request.header.NAME}, ${request.id}, ${client.ip}, ${client.name} and ${capture.NAME}.
   */
  append?: {
    [k: string]: string
  }
}
/**
 * Header operations on a response, in the order remove, rename, set, add, append; and which of its URLs become the client's.
 */
export interface ResponseOperations {
  /**
   * URLs of the upstream's own that become the client's. redirects: the Location of a redirect. rewrite: Location, Content-Location, Link and the Path of cookies. keep: none. By default redirects, or what the route says.
   */
  location?: 'redirects' | 'rewrite' | 'keep'
  /**
   * Further response headers that hold a URL of the upstream's own, such as X-Goog-Upload-URL.
   *
   * @minItems 1
   */
  urls?: HeaderName[]
  /**
   * Whose answers the header operations of this block reach: the upstream's, or Keyway's own on this route too. Default: upstream.
   */
  answers?: 'upstream' | 'all'
  /**
   * Headers to take out.
   *
   * @minItems 1
   */
  remove?: HeaderName[]
  /**
   * Old name → new name.
   */
  rename?: {
    [k: string]: HeaderName
  }
  /**
   * Header → value; overwrites. May hold ${secret.NAME}, ${env.NAME}, ${request.header.NAME}, ${request.id}, ${client.ip}, ${client.name} and ${capture.NAME}.
   */
  set?: {
    [k: string]: string
  }
  /**
   * Header → value, only where the header is absent. May hold ${secret.NAME}, ${env.NAME}, ${request.header.NAME}, ${request.id}, ${client.ip}, ${client.name} and ${capture.NAME}.
   */
  add?: {
    [k: string]: string
  }
  /**
   * Header → one more value. May hold ${secret.NAME}, ${env.NAME}, ${request.header.NAME}, ${request.id}, ${client.ip}, ${client.name} and ${capture.NAME}.
   */
  append?: {
    [k: string]: string
  }
}
/**
 * One limit: at least one of `requests` and `atOnce`.
 */
export interface Limit {
  /**
   * Stands in the log, the metrics and the RateLimit fields.
   */
  name: string
  /**
   * Which requests count; default: all that are forwarded.
   */
  match?: {
    /**
     * Name of a route, or a list of names.
     *
     * @minItems 1
     */
    route?: string | string[]
  }
  /**
   * What has a count of its own: the name of the client's token, the client's credential, the client's address, or the route. Requests without one share a count.
   */
  by: 'client' | 'credential' | 'address' | 'route'
  /**
   * Requests within a time, such as 60/m, 10/s, 1000/h or 500/10m. The time begins with the first request.
   */
  requests?: string
  /**
   * Requests under way at once, event streams and WebSockets included.
   */
  atOnce?: number
}
/**
 * What must hold of all requests, or of those that `for` describes: at least one of `never` and `always`.
 */
export interface Invariant {
  /**
   * What it promises, in words.
   */
  name: string
  for?: Condition
  never?: Outcome
  always?: Outcome
}
/**
 * What becomes of a request. Keys side by side must all hold.
 */
export interface Outcome {
  /**
   * Whether it goes on to an upstream.
   */
  forward?: boolean
  /**
   * The status it is rejected with.
   */
  status?: number
  /**
   * The route that takes it, or a list of which it is one.
   *
   * @minItems 1
   */
  route?: string | string[]
  /**
   * The rule that decides, or a list of which it is one.
   *
   * @minItems 1
   */
  rule?: string | string[]
  /**
   * The upstream it goes to, or a list of which it is one; those that it falls back to count too.
   *
   * @minItems 1
   */
  upstream?: string | string[]
  /**
   * The host it goes to, as in `api.openai.com`, or a list of which it is one.
   *
   * @minItems 1
   */
  host?: string | string[]
  /**
   * The kind of the client's credential that leaves, or a list of which it is one.
   *
   * @minItems 1
   */
  kind?: string | string[]
  /**
   * A secret that leaves, or a list of which one does.
   *
   * @minItems 1
   */
  secret?: string | string[]
  /**
   * Where a credential leaves, as in `use`, such as x-api-key or authorization bearer; `none`: none leaves.
   *
   * @minItems 1
   */
  placement?: string | string[]
  /**
   * Header → whether the request has it when it leaves.
   */
  header?: {
    /**
     * Whether it is there.
     */
    [k: string]: 'present' | 'absent'
  }
}
/**
 * A request, and what must become of it.
 */
export interface Test {
  /**
   * What the test shows.
   */
  name: string
  /**
   * The request.
   */
  request: {
    /**
     * The method. Default: GET.
     */
    method?: string
    /**
     * Path with query.
     */
    path: string
    /**
     * Header → value, or a list for a repeated header.
     */
    headers?: {
      /**
       * Value or values.
       *
       * @minItems 1
       */
      [k: string]: string | string[]
    }
    /**
     * Who sends it.
     */
    client?: {
      /**
       * Its IP address. Default: 127.0.0.1.
       */
      ip?: string
      /**
       * A name under `clients`.
       */
      name?: string
    }
  }
  /**
   * What must become of it. What is not named is not looked at.
   */
  expect: {
    /**
     * The route that takes it, or null for none.
     */
    route?: string | null
    /**
     * The rule that decides, or null for none.
     */
    rule?: string | null
    /**
     * The upstream it is sent to.
     */
    upstream?: string
    /**
     * The status it is refused with.
     */
    status?: number
    /**
     * Path with query as it leaves.
     */
    path?: string
    /**
     * Header as it leaves: a value, null for absent, or a matcher. ${secret.NAME} stands for that secret.
     */
    headers?: {
      /**
       * The value as it leaves, null for absent, a list for a repeated header, or a matcher.
       *
       * @minItems 1
       */
      [k: string]:
        | null
        | string
        | string[]
        | {
            /**
             * Holds when the value is exactly this text.
             */
            equals?: string
            /**
             * Holds when the value starts with this text.
             */
            prefix?: string
            /**
             * Holds when the value ends with this text.
             */
            suffix?: string
            /**
             * Holds when the value contains this text.
             */
            contains?: string
            /**
             * Holds when this regular expression (RE2 syntax, linear time) finds a match; anchor it with ^ and $. Named groups can be used as ${capture.NAME}.
             */
            matches?: string
            /**
             * Holds when the value is one of these.
             *
             * @minItems 1
             */
            in?: string[]
            /**
             * true: holds when there is a value at all; false: holds when there is none.
             */
            present?: boolean
          }
    }
  }
}
