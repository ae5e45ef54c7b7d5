// Read before a program that a test starts.
const { takeCoverage } = require('node:v8')

// One that is killed tells first what it has run.
process.on('SIGIO', () => {
  takeCoverage()
  process.kill(process.pid, 'SIGKILL')
})
