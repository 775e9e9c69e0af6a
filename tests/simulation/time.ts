/** Simulated time: what falls due runs in order, and promises settle in between. A heap, because a big world waits for a lot. */
import type { ManualTime } from '../../shared/sync/testing.ts'

interface Due {
  readonly at: number
  readonly order: number
  run: (() => void) | undefined
}

const isBefore = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

function siftUp(heap: Due[], from: number): void {
  for (let at = from; at > 0;) {
    const parent = (at - 1) >> 1
    const [child, above] = [heap[at], heap[parent]]
    if (child === undefined || above === undefined || !isBefore(child, above)) return
    heap[at] = above
    heap[parent] = child
    at = parent
  }
}

function siftDown(heap: Due[]): void {
  for (let at = 0; ;) {
    let least = at
    for (const child of [2 * at + 1, 2 * at + 2]) {
      const [a, b] = [heap[child], heap[least]]
      if (a !== undefined && b !== undefined && isBefore(a, b)) least = child
    }
    const [here, there] = [heap[at], heap[least]]
    if (least === at || here === undefined || there === undefined) return
    heap[at] = there
    heap[least] = here
    at = least
  }
}

function take(heap: Due[]): Due | undefined {
  const [first] = heap
  const last = heap.pop()
  if (first !== last && last !== undefined) {
    heap[0] = last
    siftDown(heap)
  }
  return first
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** From an ordinary day on, so that a clock may be ten years slow. */
export const START = 1_790_000_000_000

export function createSimulatedTime(start = START): ManualTime {
  const heap: Due[] = []
  let now = start
  let order = 0
  return {
    now: () => now,
    after: (milliseconds, run) => {
      const due: Due = { at: now + Math.max(0, milliseconds), order: ++order, run }
      heap.push(due)
      siftUp(heap, heap.length - 1)
      return () => {
        due.run = undefined
      }
    },
    pass: async (milliseconds) => {
      const end = now + milliseconds
      await turn()
      while ((heap[0]?.at ?? Infinity) <= end) {
        const due = take(heap)
        if (due?.run === undefined) continue
        now = due.at
        due.run()
        await turn()
      }
      now = end
      await turn()
    },
  }
}
