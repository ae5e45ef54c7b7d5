/** The kind by the kinds of one file, or by those of another that it is compared with. */
export type KindFacet = 'kind' | 'other kind'
