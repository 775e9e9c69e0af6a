/**
 * Measuring inside a page, for any carrier: whoever adds a variant (for example sealed sync) writes a page that fills in
 * `Carrier` and uses the same two functions, so that the numbers can be compared.
 */
import type * as Y from 'yjs'

export interface Echo {
  /** The document the strokes are typed into and arrive in. */
  readonly doc: Y.Doc
  /** Origin of changes that came from the other side. */
  readonly isRemote: (origin: unknown) => boolean
}

export const text = (doc: Y.Doc): Y.Text => doc.getText('paper')

/** The other side: answers each stroke that arrives with one of its own. */
export function answerStrokes({ doc, isRemote }: Echo): void {
  doc.on('update', (_: Uint8Array, origin: unknown) => {
    if (isRemote(origin)) queueMicrotask(() => text(doc).insert(0, 'b'))
  })
}

/**
 * Half the time from a stroke typed here to the other's stroke in this document; milliseconds, one per stroke. `pause` lies
 * between an answer and the next stroke.
 */
export async function timeStrokes({ doc, isRemote }: Echo, count: number, pause = 5): Promise<number[]> {
  const times: number[] = []
  for (let stroke = 0; stroke < count; stroke++) {
    const answered = new Promise<void>((resolve) => {
      const listen = (_: Uint8Array, origin: unknown) => {
        if (!isRemote(origin)) return
        doc.off('update', listen)
        resolve()
      }
      doc.on('update', listen)
    })
    const started = performance.now()
    text(doc).insert(0, 'a')
    await answered
    times.push((performance.now() - started) / 2)
    // As a person types: each stroke alone.
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
  return times
}

/** A paper of about `size` bytes whose words repeat no more than prose does. */
export function paper(size: number): string {
  const words: string[] = []
  let state = size
  for (let length = 0; length < size;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const word = state.toString(36)
    words.push(word)
    length += word.length + 1
  }
  return words.join(' ')
}
