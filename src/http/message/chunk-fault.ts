/** What can be wrong with a body's chunks. */
export type ChunkFaultCode = 'CHUNK' | 'CHUNK_EXTENSION_TOO_LONG' | 'TRAILER'

/** Thrown for chunks whose end can't be told for sure; what came of the body before is good. */
export class ChunkFault extends Error {
  override readonly name = 'ChunkFault'
  readonly code: ChunkFaultCode

  constructor(code: ChunkFaultCode) {
    super('the chunks can not be told apart')
    this.code = code
  }
}
