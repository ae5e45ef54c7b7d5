/** What stands in for a client's token where the real one is not at hand. */
export function standInToken(client: string): string {
  return `client:${client}`
}
