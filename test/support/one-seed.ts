import fc from 'fast-check'

// What is generated is the same in every run, so that none fails by chance; PROPERTY_SEED tries others.
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 14) })
