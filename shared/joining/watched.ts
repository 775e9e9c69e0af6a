import { createEmitter } from '../base/emitter.ts'

/** A value that changes; the shape of shared/model's Live. `get` is stable between changes. */
export interface Watched<Value> {
  get(): Value
  subscribe(onChange: () => void): () => void
}

export function createWatched<Value>(initial: Value): Watched<Value> & { set(value: Value): void } {
  const changes = createEmitter<void>()
  let current = initial
  return {
    get: () => current,
    subscribe: (onChange) => changes.on(onChange),
    set(value) {
      if (Object.is(value, current)) return
      current = value
      changes.emit()
    },
  }
}
