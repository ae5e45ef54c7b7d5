import { generateTests } from '../../proof/generate-tests.ts'
import { createWorld } from '../../proof/world.ts'
import type { CommandIo } from '../command.ts'
import { loadFile } from '../load-file.ts'
import { writeTests } from './write-tests.ts'

/** `keyway test --generate`: prints one test for each class of decisions of a file; the exit code. */
export function generate(file: string, io: CommandIo): number {
  const loaded = loadFile(file, io)
  if (loaded === null) return 1
  const { snapshot, catalogue } = loaded
  const tests = generateTests(createWorld(snapshot.config, { catalogue, env: io.env }))
  io.stdout(HEAD + writeTests(tests))
  return 0
}

const HEAD = `# One request of each class that the configuration decides in a way of its own. Keep it beside the
# configuration as NAME.generated.test.yaml: "keyway test" runs it with the others.
`
