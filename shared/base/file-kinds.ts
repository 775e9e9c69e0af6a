/** What a file is by the words that it begins with: all of them have one ending. What else it says is checked where it is opened. */
import { equalBytes, utf8 } from './bytes.ts'

export const FILE_MAGIC = {
  update: 'Teatray update',
  invitation: 'Teatray invitation',
  request: 'Teatray request',
} as const

export type FileKind = keyof typeof FILE_MAGIC

const KINDS = ['update', 'invitation', 'request'] as const satisfies readonly FileKind[]

/** Undefined: none of ours, or cut off within its first words. */
export const kindOfFile = (bytes: Uint8Array): FileKind | undefined =>
  KINDS.find((kind) => {
    const magic = utf8(FILE_MAGIC[kind])
    return equalBytes(bytes.subarray(0, magic.length), magic)
  })
