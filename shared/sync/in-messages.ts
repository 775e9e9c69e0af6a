/** In order, each part within so many bytes (or one item) and so many items. */
export function inMessages<Item extends Uint8Array>(items: readonly Item[], bytes: number, count: number): Item[][] {
  const messages: Item[][] = []
  let size = 0
  for (const item of items) {
    const last = messages.at(-1)
    if (last === undefined || last.length >= count || size + item.length > bytes) {
      messages.push([item])
      size = item.length
    } else {
      last.push(item)
      size += item.length
    }
  }
  return messages
}
