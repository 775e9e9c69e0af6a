/** Values with byte strings in them as JSON, to cross from Node into the page and back. */
import { fromHex, toHex } from '../../shared/base/bytes.ts'

interface Hex {
  readonly hex: string
}

const isHex = (value: unknown): value is Hex => typeof value === 'object' && value !== null && 'hex' in value

export const toText = (value: unknown): string =>
  JSON.stringify({ value }, (_, part: unknown) => (part instanceof Uint8Array ? { hex: toHex(part) } : part))

export function fromText(text: string): unknown {
  const parsed = JSON.parse(text, (_, part: unknown) => (isHex(part) ? fromHex(part.hex) : part)) as { value?: unknown }
  return parsed.value
}
