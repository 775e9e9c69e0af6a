import type * as Y from 'yjs'
import type { OpenDocument } from './contexts.ts'

/** Said where the words would be. */
const notOpened = (): undefined => undefined

/** Opens a document only for as long as its words are looked at. Undefined: it does not open. */
export async function readContent<Opened extends Pick<OpenDocument, 'doc' | 'release'>, Read>(
  opening: Promise<Opened>,
  name: string,
  use: (content: Y.XmlFragment | undefined, opened: Opened | undefined) => Read | Promise<Read>,
): Promise<Read> {
  const opened = await opening.catch(notOpened)
  try {
    return await use(opened?.doc.getXmlFragment(name), opened)
  } finally {
    opened?.release()
  }
}
