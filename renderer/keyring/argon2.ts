/** Argon2id (RFC 9106) in a worker of its own, so that the window stays alive and its memory is freed afterwards. */
import { argon2id as argon2idOfHashWasm } from 'hash-wasm'
import type { Bytes } from '../../shared/base/bytes.ts'
import { describeThrown } from '../../shared/base/errors.ts'
// Vite makes the default export.
// oxlint-disable-next-line import/default
import workerUrl from './argon2.worker.ts?worker&url'

export interface Argon2Cost {
  readonly memoryKiB: number
  readonly passes: number
}

/** The least that is ever used for something new; RFC 9106's second recommendation, with one lane. */
export const LEAST_COST: Argon2Cost = { memoryKiB: 64 * 1024, passes: 3 }

const KEY_LENGTH = 32
const MOST_MEMORY_KIB = 1024 * 1024
/** About a minute here. */
const MOST_WORK = LEAST_COST.memoryKiB * 512

/** Stored costs may have been changed by anybody who can write to the disk: they must not freeze or kill the window. */
export const isBearable = ({ memoryKiB, passes }: Argon2Cost): boolean =>
  Number.isInteger(memoryKiB) &&
  Number.isInteger(passes) &&
  memoryKiB >= 8 &&
  passes >= 1 &&
  memoryKiB <= MOST_MEMORY_KIB &&
  memoryKiB * passes <= MOST_WORK

/** 32 bytes. Salt: 8 bytes or more. */
export type Argon2id = (password: Uint8Array, salt: Uint8Array, cost: Argon2Cost) => Promise<Bytes>

/** In this very thread, which hears nothing else meanwhile. */
export const argon2idHere: Argon2id = async (password, salt, { memoryKiB, passes }) =>
  new Uint8Array(
    await argon2idOfHashWasm({
      password,
      salt,
      memorySize: memoryKiB,
      iterations: passes,
      parallelism: 1,
      hashLength: KEY_LENGTH,
      outputType: 'binary',
    }),
  )

interface TrustedScriptUrls {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string }
}

// Missing from TypeScript's DOM types; absent in Node.
declare const trustedTypes: TrustedScriptUrls | undefined

/** The CSP's require-trusted-types-for refuses a plain text as a worker's address. This one is fixed at build time. */
const trustedWorkerUrl: string =
  typeof trustedTypes === 'undefined'
    ? workerUrl
    : trustedTypes.createPolicy('teatray-argon2', { createScriptURL: () => workerUrl }).createScriptURL(workerUrl)

const argon2idInWorker: Argon2id = (password, salt, cost) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(trustedWorkerUrl, { type: 'module' })
    const end = (settle: () => void): void => {
      worker.terminate()
      settle()
    }
    worker.addEventListener('message', ({ data }: MessageEvent<Bytes | string>) =>
      end(() => (typeof data === 'string' ? reject(new Error(data)) : resolve(data))),
    )
    worker.addEventListener('error', (event) => end(() => reject(new Error(event.message || 'no worker'))))
    const secret = new Uint8Array(password)
    // Moved, not copied: the password is then in this thread no more often than before.
    worker.postMessage({ password: secret, salt: new Uint8Array(salt), cost }, [secret.buffer])
  })

export const argon2id: Argon2id = async (password, salt, cost) => {
  if (!isBearable(cost)) throw new RangeError('Argon2 cost out of bounds')
  if (typeof Worker === 'undefined') return argon2idHere(password, salt, cost)
  try {
    return await argon2idInWorker(password, salt, cost)
  } catch (thrown) {
    // Being locked out of one's papers would be worse than a window that stands still for a second.
    console.warn(`Argon2 runs without a worker: ${describeThrown(thrown)}`)
    return argon2idHere(password, salt, cost)
  }
}

/** Invitation codes are stretched with this on both sides, so its cost is part of the protocol. */
export const stretchInvitationCode = (code: Uint8Array, salt: Uint8Array): Promise<Bytes> =>
  argon2id(code, salt, LEAST_COST)

const MOST_CALIBRATED_PASSES = 64

/** As many passes as take about `milliseconds` on this computer, never fewer than LEAST_COST's. */
export async function calibrate(milliseconds = 1000, run: Argon2id = argon2id): Promise<Argon2Cost> {
  const started = performance.now()
  await run(new Uint8Array(16), new Uint8Array(16), LEAST_COST)
  const perPass = (performance.now() - started) / LEAST_COST.passes
  const passes = Math.round(milliseconds / perPass)
  return { ...LEAST_COST, passes: Math.min(Math.max(passes, LEAST_COST.passes), MOST_CALIBRATED_PASSES) }
}
