/** Reading a file in a worker, which can be ended at any time: nothing that is in the file can hold up the window. */
import { fail, type Result } from '../../../../../shared/base/errors.ts'
import type { ImportProblem, ReadText } from './problems.ts'
// Vite makes the default export.
// oxlint-disable-next-line import/default
import workerUrl from './read-text.worker.ts?worker&url'

interface TrustedScriptUrls {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string }
}

// Missing from TypeScript's DOM types; absent in Node.
declare const trustedTypes: TrustedScriptUrls | undefined

/** The CSP's require-trusted-types-for refuses a plain text as a worker's address. This one is fixed at build time. */
const trustedWorkerUrl: string =
  typeof trustedTypes === 'undefined'
    ? workerUrl
    : trustedTypes.createPolicy('teatray-import', { createScriptURL: () => workerUrl }).createScriptURL(workerUrl)

/** After the first the person is asked; without an answer it ends after the second. */
const ASK_AFTER_MS = 15_000
const END_AFTER_MS = 90_000

export interface Reading {
  readonly result: Promise<Result<ReadText, ImportProblem>>
  /** The person wants to go on: as long again. */
  goOn(): void
  stop(): void
}

export function readInWorker(bytes: Uint8Array, name: string, onTakesLong: () => void): Reading {
  const worker = new Worker(trustedWorkerUrl, { type: 'module' })
  let end = (_result: Result<ReadText, ImportProblem>): void => undefined
  let asking: ReturnType<typeof setTimeout> | undefined
  let ending: ReturnType<typeof setTimeout> | undefined
  const stopTimers = (): void => {
    clearTimeout(asking)
    clearTimeout(ending)
  }
  const start = (): void => {
    stopTimers()
    asking = setTimeout(onTakesLong, ASK_AFTER_MS)
    ending = setTimeout(() => end(fail('takes-long')), END_AFTER_MS)
  }
  const result = new Promise<Result<ReadText, ImportProblem>>((resolve) => {
    end = (settled) => {
      stopTimers()
      worker.terminate()
      resolve(settled)
    }
    worker.addEventListener('message', ({ data }: MessageEvent<Result<ReadText, ImportProblem>>) => end(data))
    worker.addEventListener('error', (event) => end(fail('damaged', event.message || 'no worker')))
  })
  start()
  worker.postMessage({ bytes, name })
  return { result, goOn: start, stop: () => end(fail('takes-long')) }
}
