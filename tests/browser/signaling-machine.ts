/** Runs inside a namespace: the app's signalling server on every address, at the port given. */
import { startSignalingServer } from '../../electron/services/signaling/server.ts'

await startSignalingServer({ port: Number(process.argv[2]), hosts: ['0.0.0.0'] })
