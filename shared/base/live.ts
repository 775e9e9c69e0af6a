/** A value that changes: read it, and hear when to read it again (React: useSyncExternalStore). `get` is stable between changes. */
export interface Live<Value> {
  get(): Value
  subscribe(onChange: () => void): () => void
}

/** A Live value with a setter; listeners are told only when the value is another one (Object.is). */
export function createLive<Value>(initial: Value): Live<Value> & { set(value: Value): void } {
  let current = initial
  const listeners = new Set<() => void>()
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return
      current = value
      for (const listener of Array.from(listeners)) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
