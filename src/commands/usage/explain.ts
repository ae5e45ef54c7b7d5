import { CONFIG, FORMAT, type StandardFlag, type TextFlag } from './flags.ts'

/** The command line of `keyway explain`. */
export const explainUsage = {
  name: 'explain',
  summary: 'say which route and rule take a request, and why',
  purpose:
    'Says which route and rule take a request, why, and how its headers would leave. Sends nothing.',
  forms: ["[-X METHOD] [-H 'NAME: VALUE']… PATH", 'curl …'],
  flags: {
    config: CONFIG as TextFlag,
    request: { type: 'string', short: 'X', value: 'NAME', says: 'the method; default: GET' },
    header: {
      type: 'string',
      short: 'H',
      multiple: true,
      value: 'LINE',
      says: 'a request header, as curl takes it; may be given several times',
    },
    client: { type: 'string', value: 'NAME', says: 'the client whose token the request carries' },
    'client-ip': {
      type: 'string',
      value: 'IP',
      says: 'the address of the client; default: 127.0.0.1',
    },
    'stand-in-secrets': {
      type: 'boolean',
      says: 'use a made-up value for every secret, where the real ones are not at hand',
    },
    format: FORMAT as StandardFlag,
  },
  notes: `A curl command may be pasted as it is, also as one argument in quotes.

Credentials are shown only as their kind and fingerprint.`,
  examples: [
    "keyway explain -H 'authorization: Bearer sk-ant-api03-FAKE' /anthropic/v1/messages",
    "keyway explain curl -X POST http://127.0.0.1:8080/openai/v1/responses -H 'authorization: Bearer sk-FAKE'",
  ],
} as const
