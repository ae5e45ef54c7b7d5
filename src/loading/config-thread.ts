// What load-beside.ts and compare-beside.ts start as a thread.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { type CompareData, compareInThread } from './compare-in-thread.ts'
import { type LoadData, loadInThread } from './load-in-thread.ts'

const port = parentPort as MessagePort
const data = workerData as LoadData | CompareData
if (data.job === 'load') loadInThread(data, port)
else compareInThread(data, port)
