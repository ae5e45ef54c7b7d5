// Why a stream or a connection of HTTP/2 ends (RFC 9113 §7).

export const NO_ERROR = 0x0
export const INTERNAL_ERROR = 0x2
export const REFUSED_STREAM = 0x7
export const CANCEL = 0x8
export const ENHANCE_YOUR_CALM = 0xb
