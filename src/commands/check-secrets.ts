import { dirname, resolve } from 'node:path'
import type { Finding } from '../config/diagnostics/finding.ts'
import { toDiagnostics } from '../config/diagnostics/to-diagnostics.ts'
import { mergeKinds } from '../config/normalize/merge-kinds.ts'
import type { Catalogue } from '../config/shapes/catalogue.ts'
import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import type { NormalConfig, NormalSecret } from '../config/shapes/normal-config.ts'
import type { Path, SourceFile } from '../config/text/document.ts'
import { parseDocument } from '../config/text/parse-document.ts'
import { createClassifier } from '../credentials/classify.ts'
import { createClientRegistry } from '../credentials/secrets/clients.ts'
import { findWrapping } from '../credentials/secrets/find-wrapping.ts'
import { openSecretSource, type SecretSourceOptions } from '../credentials/secrets/secret-source.ts'
import { createSecretStore, type SecretProblem } from '../credentials/secrets/secret-store.ts'
import type { CommandIo } from './command.ts'

/** Reads the secrets and the clients' files of a configuration once; says which can't be used now. */
export function checkSecrets(
  source: SourceFile,
  config: NormalConfig,
  { io, catalogue }: { readonly io: CommandIo; readonly catalogue: Catalogue },
): readonly Diagnostic[] {
  const kinds = mergeKinds(catalogue.kinds, config.kinds)
  const baseDir = dirname(resolve(io.cwd, source.file))
  const classify = createClassifier(kinds)
  const options = { baseDir, env: io.env, classify }
  const secrets = createSecretStore(config.secrets, options)
  const clients = createClientRegistry(config.clients, { baseDir })
  const findings = [
    ...secrets
      .problems()
      .map((problem) => unusable('secret', secretPath(problem), { ...problem, baseDir })),
    ...clients.problems().map((problem) =>
      unusable('token of the client', ['clients', 'tokens', problem.name], {
        ...problem,
        baseDir,
      }),
    ),
    ...config.secrets.flatMap((secret) => wrapped(secret, options)),
  ]
  const { document } = parseDocument(source.text, Number.POSITIVE_INFINITY)
  return toDiagnostics(source, document, findings, kinds)
}

/** Finds keys that can be used, and hardly are what was meant. */
function wrapped(
  { name, sources, isPool: isPooled }: NormalSecret,
  options: Omit<SecretSourceOptions, 'isPooled'>,
): readonly Finding[] {
  return sources.flatMap((source, at) => {
    const { value } = openSecretSource(source, { ...options, isPooled })()
    const wrapping = value === null ? null : findWrapping(value)
    if (wrapping === null) return []
    const key = isPooled ? `${name}[${at}]` : name
    return [
      {
        code: 'wrapped-secret',
        severity: 'warning',
        path: secretPath({ name: key }),
        part: 'key',
        message: `the secret "${key}" is sent as it stands: ${wrapping}`,
        hint: 'write the secret alone, without anything around it',
      },
    ]
  })
}

/** A pool's key is called `NAME[INDEX]`. */
function secretPath({ name }: Pick<SecretProblem, 'name'>): Path {
  const key = /^(.*)\[(\d+)\]$/.exec(name)
  return key ? ['secrets', key[1] as string, 'pool', Number(key[2])] : ['secrets', name]
}

interface PlacedProblem extends SecretProblem {
  /** Where relative names of files start. */
  readonly baseDir: string
}

function unusable(what: string, path: Path, { name, reason, baseDir }: PlacedProblem): Finding {
  const where = reason.startsWith('its file ') ? `relative names start from ${baseDir}; ` : ''
  return {
    code: 'unusable-secret',
    severity: 'error',
    path,
    part: 'key',
    message: `the ${what} "${name}" can't be used: ${reason}`,
    hint: `${where}it is read anew when it is needed; until it can be used, requests that need it are refused`,
  }
}
