/** Header fields as on the wire: name, value, name, value… in order, repeated fields repeated. */
export type RawHeaders = readonly string[]
