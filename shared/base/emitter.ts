/** The smallest typed event source; `on` returns the way to stop listening. */
export interface Emitter<Event> {
  on(listener: (event: Event) => void): () => void
  emit(event: Event): void
}

export function createEmitter<Event>(): Emitter<Event> {
  const listeners = new Set<(event: Event) => void>()
  return {
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    emit(event) {
      for (const listener of Array.from(listeners)) listener(event)
    },
  }
}
