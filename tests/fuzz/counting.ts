/**
 * Counts what a decoder asks memory for: the lengths it hands to typed arrays and to Array.from. A count instead of a
 * measurement, because the collector's doings would make the verdict differ from run to run.
 */
export interface Counting {
  /** Bytes, an item of an array as eight; since the last reset. */
  allocated(): number
  reset(): void
  stop(): void
}

const ITEM = 8

const lengthOf = (first: unknown): number => {
  if (typeof first === 'number') return first
  // A view of a buffer that is there already costs nothing.
  return first instanceof ArrayBuffer || typeof first !== 'object' || first === null
    ? 0
    : Number((first as { length?: unknown }).length ?? 0)
}

export function countAllocations(): Counting {
  let bytes = 0
  const Original = globalThis.Uint8Array
  const from = Array.from
  globalThis.Uint8Array = new Proxy(Original, {
    construct(target, args: readonly unknown[], newTarget: unknown) {
      bytes += lengthOf(args[0])
      // Views made through the stand-in stay plain Uint8Arrays.
      const made: unknown = Reflect.construct(target, args, newTarget === globalThis.Uint8Array ? target : Original)
      return made as Uint8Array
    },
  })
  Array.from = ((source: ArrayLike<unknown> | Iterable<unknown>, ...rest: [never]) => {
    bytes += ITEM * ('length' in source ? source.length : 0)
    return from(source as ArrayLike<unknown>, ...rest)
  }) as typeof Array.from
  return {
    allocated: () => bytes,
    reset: () => {
      bytes = 0
    },
    stop: () => {
      globalThis.Uint8Array = Original
      Array.from = from
    },
  }
}
