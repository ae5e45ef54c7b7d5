import { dirname, resolve } from 'node:path'
import type { Finding } from '../config/diagnostics/finding.ts'
import { toDiagnostics } from '../config/diagnostics/to-diagnostics.ts'
import { mergeKinds } from '../config/normalize/merge-kinds.ts'
import type { Catalogue } from '../config/shapes/catalogue.ts'
import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import type { NormalConfig } from '../config/shapes/normal-config.ts'
import type { Path, SourceFile } from '../config/text/document.ts'
import { parseDocument } from '../config/text/parse-document.ts'
import { createClassifier } from '../credentials/classify.ts'
import { createClientRegistry } from '../credentials/secrets/clients.ts'
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
  const secrets = createSecretStore(config.secrets, { baseDir, env: io.env, classify })
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
  ]
  const { document } = parseDocument(source.text, Number.POSITIVE_INFINITY)
  return toDiagnostics(source, document, findings, kinds)
}

/** A pool's key is called `NAME[INDEX]`. */
function secretPath({ name }: SecretProblem): Path {
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
