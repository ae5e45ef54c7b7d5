import { domainToASCII } from 'node:url'

const ASCII = /^[\0-\x7f]*$/

/** A host's name as requests say it: labels beyond ASCII in Punycode (RFC 5891), all else as it is. */
export function asciiHost(host: string): string {
  if (ASCII.test(host)) return host
  return host
    .split('.')
    .map((label) => (ASCII.test(label) ? label : domainToASCII(label) || label))
    .join('.')
}
