// Read before a program that a test starts.
const { takeCoverage } = require('node:v8')

// One that is killed tells first what it has run.
process.on('SIGIO', () => {
  takeCoverage()
  process.kill(process.pid, 'SIGKILL')
})

// A worker's first command comes while its modules are still read, which the bundle has done at once.
if (process.env.KEYWAY_PRIMARY_PID !== undefined) {
  const { emit } = process
  const held = []
  process.emit = (name, ...rest) => {
    if (name !== 'message') return emit.call(process, name, ...rest)
    held.push(rest)
    return true
  }
  process.on('newListener', function release(name) {
    if (name !== 'message') return
    process.off('newListener', release)
    process.emit = emit
    process.nextTick(() => {
      for (const rest of held) process.emit('message', ...rest)
    })
  })
}
