/** Help of each command, by its name; `keyway NAME --help` prints it. */
export const helpTexts: Readonly<Record<string, string>> = {
  serve: `Runs the proxy and applies changes of the file while it runs.

Usage: keyway serve [--config FILE] [--workers N|auto] [--shadow FILE]

Options:
  -c, --config FILE   the configuration; default: $KEYWAY_CONFIG, else config/routes.yaml
      --shadow FILE   decide every request by this configuration too, act by the other alone, and
                      count and log where they differ
  -w, --workers N     serve by so many processes, or "auto": one for each processor; default: 1

Signals:
  SIGTERM, SIGINT     drain: not ready, no new connections, open requests finish; a second one cuts
  SIGHUP              reload, even where the file is the same

Log lines (JSON) go to standard output, findings about the file to standard error.

Examples:
  keyway serve
  keyway serve --config /etc/keyway/routes.yaml
  keyway serve --workers auto
`,
  check: `Says everything that is wrong or doubtful about a configuration, with its place.

Usage: keyway check [FILE…] [--format text|json]

Options:
  -c, --config FILE   the configuration where no FILE is named; default: $KEYWAY_CONFIG,
                      else config/routes.yaml
      --format FORMAT text (default) or json
      --limit SIZE    the size a file may have; default: 1MiB

Exits 1 where there is an error; warnings alone exit 0.

Examples:
  keyway check
  keyway check config/examples/*.yaml
  keyway check --format json routes.yaml
`,
  explain: `Says which route and rule take a request, why, and how its headers would leave. Sends nothing.

Usage: keyway explain [-X METHOD] [-H 'NAME: VALUE']… PATH
       keyway explain curl …

Options:
  -c, --config FILE   the configuration; default: $KEYWAY_CONFIG, else config/routes.yaml
  -X, --request NAME  the method; default: GET
  -H, --header LINE   a request header, as curl takes it; may be given several times
      --client NAME   the client whose token the request carries
      --client-ip IP  the address of the client; default: 127.0.0.1
      --stand-in-secrets
                      use a made-up value for every secret, where the real ones are not at hand
      --format FORMAT text (default) or json

Credentials are shown only as their kind and fingerprint.

Examples:
  keyway explain -H 'authorization: Bearer sk-ant-api03-FAKE' /anthropic/v1/messages
  keyway explain curl -X POST http://127.0.0.1:8080/openai/v1/responses -H 'authorization: Bearer sk-FAKE'
`,
  test: `Runs the tests of a configuration, and of the *.test.yaml files beside it; prints what differed.

Usage: keyway test [FILE…] [--format text|json|junit] [--watch]

Options:
  -c, --config FILE   the configuration where no FILE is named; default: $KEYWAY_CONFIG,
                      else config/routes.yaml
      --format FORMAT text (default), json or junit
      --watch         run again after each change

Nothing is sent, and no secret is read. Exits 1 where a test fails or the configuration has errors.

Examples:
  keyway test
  keyway test config/examples/*.yaml
  keyway test --format junit > report.xml
`,
  schema: `Prints the JSON Schema of the configuration file, for editors and other tools.

Usage: keyway schema

Example:
  keyway schema > routes.schema.json
`,
  diff: `Says in words what differs between two configurations, and which of the requests under
\`tests:\` would be decided otherwise. Sends nothing.

Usage: keyway diff OLD NEW [--format text|json]

Example:
  keyway diff config/routes.yaml config/routes.new.yaml
`,
  init: `Prints a starting configuration that passes check and test.

Usage: keyway init [PROVIDER…] [--output FILE]

It says which base URL each client of a provider accepts, and writes it to a file where one is named.

Options:
  -o, --output FILE   the file to write, its folder with it; --config is the same. One that is there
                      stays as it is. Default: standard output

Examples:
  keyway init anthropic openai --output config/routes.yaml
  keyway init groq
`,
}

/** Help of the command line as a whole. */
export const overview = `Keyway: a reverse proxy that puts each client's credential where its upstream expects it.

Usage: keyway COMMAND [OPTIONS]

Commands:
  serve      run the proxy
  check      say everything that is wrong or doubtful about a configuration
  explain    say which route and rule take a request, and why
  test       run the tests that stand in a configuration
  diff       say what another configuration would change
  schema     print the JSON Schema of the configuration file
  init       write a starting configuration

Options:
  --help     this text, or after a command that command's
  --version  the version

Exit codes: 0 fine, 1 the configuration or a test fails, 2 wrong usage.
`
