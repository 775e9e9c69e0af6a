import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ok } from '../../../../../shared/base/errors.ts'
import { readInWorker } from './read-in-worker.ts'

/** A worker that answers when the test says so. */
class FakeWorker extends EventTarget {
  static last: FakeWorker
  isEnded = false
  constructor() {
    super()
    FakeWorker.last = this
  }
  postMessage(): void {}
  terminate(): void {
    this.isEnded = true
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('Worker', FakeWorker)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const start = () => {
  const onTakesLong = vi.fn<() => void>()
  const reading = readInWorker(new Uint8Array(1), 'a.docx', onTakesLong)
  return { reading, onTakesLong, worker: FakeWorker.last }
}

test('an answer ends the worker and all waiting', async () => {
  const { reading, onTakesLong, worker } = start()
  const leftOut = { pictures: 0, comments: 0, changes: 0, footnotes: 0, headers: 0 }
  worker.dispatchEvent(
    new MessageEvent('message', { data: ok({ html: '<p>x</p>', title: undefined, pictures: [], leftOut }) }),
  )
  expect(await reading.result).toMatchObject({ ok: true })
  expect(worker.isEnded).toBe(true)
  vi.advanceTimersByTime(1_000_000)
  expect(onTakesLong).not.toHaveBeenCalled()
})

test('a file that takes long: the person is asked, and it ends when nobody says to go on', async () => {
  const { reading, onTakesLong, worker } = start()
  vi.advanceTimersByTime(15_000)
  expect(onTakesLong).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(60_000)
  reading.goOn()
  vi.advanceTimersByTime(80_000)
  expect(worker.isEnded).toBe(false)
  expect(onTakesLong).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(10_000)
  expect(await reading.result).toMatchObject({ ok: false, error: 'takes-long' })
  expect(worker.isEnded).toBe(true)
})

test('stopped by the person; and a worker that breaks', async () => {
  const stopped = start()
  stopped.reading.stop()
  expect(await stopped.reading.result).toMatchObject({ error: 'takes-long' })
  expect(stopped.worker.isEnded).toBe(true)
  const broken = start()
  broken.worker.dispatchEvent(new Event('error'))
  expect(await broken.reading.result).toMatchObject({ error: 'damaged' })
})
