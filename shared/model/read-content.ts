import type * as Y from 'yjs'
import type { OpenDocument } from './contexts.ts'

/** Said where the words would be. */
const notOpened = (): undefined => undefined

/** Opens a document only for as long as its words are looked at. Undefined: it does not open. */
export async function readContent<Read>(
  opening: Promise<Pick<OpenDocument, 'doc' | 'release'>>,
  name: string,
  use: (content: Y.XmlFragment | undefined) => Read,
): Promise<Read> {
  const opened = await opening.catch(notOpened)
  try {
    return use(opened?.doc.getXmlFragment(name))
  } finally {
    opened?.release()
  }
}
