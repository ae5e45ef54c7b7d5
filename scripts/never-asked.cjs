// Stands in the bundle for packages that are loaded at the start, or kept for later, and never asked for
// anything (scripts/bundle.mjs): any part of them that is read here is undefined.
module.exports = {}
