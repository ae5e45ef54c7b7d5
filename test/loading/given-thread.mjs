// Stands in for the thread that loads and compares: it connects to the port that its environment names
// and does nothing, or ends at once.
import { connect } from 'node:net'
import { workerData } from 'node:worker_threads'

const { PORT, THEN } = workerData.env
if (THEN === 'end') process.exit(0)
connect(Number(PORT), '127.0.0.1')
