import { requirePrograms } from './machine.mjs'
import { startProgram } from './program.mjs'

/**
 * Starts a contender before the upstream; null, with a word why, where something it needs is not
 * there.
 */
export async function startContender(peer, parts) {
  const reason = peer.missing?.() ?? null
  if (reason !== null) return skip(peer, `needs \`${reason}\``)
  requirePrograms(peer.needs ?? [])
  const { command, env, file } = peer.prepare(parts)
  try {
    const program = await startProgram({
      name: peer.name,
      core: parts.core,
      port: parts.port,
      command,
      env,
    })
    return { ...program, file }
  } catch (error) {
    const lines = error.message.split('\n')
    return skip(peer, lines.find((line) => line.includes(' error ')) ?? lines[0])
  }
}

function skip(peer, reason) {
  console.error(`${peer.name} is left out: ${reason}`)
  return null
}
