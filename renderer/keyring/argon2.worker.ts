import { argon2id } from 'hash-wasm'
import type { Argon2Cost } from './argon2.ts'

interface Request {
  readonly password: Uint8Array
  readonly salt: Uint8Array
  readonly cost: Argon2Cost
}

// Not argon2idHere: that module holds this worker's address, and importing it would bundle the worker into itself.
addEventListener('message', ({ data: { password, salt, cost } }: MessageEvent<Request>) => {
  argon2id({
    password,
    salt,
    memorySize: cost.memoryKiB,
    iterations: cost.passes,
    parallelism: 1,
    hashLength: 32,
    outputType: 'binary',
  })
    .then((hash) => postMessage(hash))
    .catch((thrown: unknown) => postMessage(String(thrown)))
})
