/** Papers that a group begins others with. They are papers like any other; a new one takes their words as they are then. */
import type * as Y from 'yjs'
import { describeThrown, fail, ok, type Result } from '../../../../shared/base/errors.ts'
import { newDocumentId, type DocumentId } from '../../../../shared/base/ids.ts'
import type { CircleContext } from '../../../../shared/model/contexts.ts'
import { CONTENT, storePaper } from './commands.ts'
import { copyPictures } from '../../../ui/editor/pictures/kept.ts'
import { copyWords, takeTicksOff } from './copy-words.ts'
import type { Paper } from './paper.ts'
import type { HeldPaper } from './places.ts'
import { papersInUse } from './selectors.ts'

export const templatesInUse = (records: Y.Doc): readonly Paper[] =>
  papersInUse(records)
    .filter(({ isTemplate }) => isTemplate)
    .toSorted((a, b) => a.title.localeCompare(b.title, 'en') || a.id.localeCompare(b.id))

/** Those whose words this person can read: who came in later, from that day on, may see that there is one. */
export const offered = (templates: readonly HeldPaper[]): readonly HeldPaper[] =>
  templates.filter(({ place }) => place.cannot?.some(({ isMe }) => isMe) !== true)

/** 'no-words': there is nothing to begin with, perhaps because it has not reached this computer yet. */
export type StartProblem = 'no-words' | 'failed'

interface Start {
  readonly from: Pick<CircleContext, 'open'>
  readonly template: Paper
  readonly to: Pick<CircleContext, 'records' | 'me' | 'open'>
  readonly title: string
  readonly now: number
}

/** Only the words: comments, versions, labels and who wrote what stay with the template. */
export async function startFrom({ from, template, to, title, now }: Start): Promise<Result<DocumentId, StartProblem>> {
  try {
    const source = await from.open(template.id)
    try {
      const words = source.doc.getXmlFragment(CONTENT)
      if (words.length === 0) return fail('no-words')
      const id = newDocumentId()
      const fill = (target: Y.XmlFragment): void => {
        copyWords(words, target)
        takeTicksOff(target)
      }
      // Named as its template is: an older Teatray knows that name, or none.
      const bring = (copied: Y.XmlFragment): Promise<void> => copyPictures(source.doc, copied)
      await storePaper(to, id, { title, template: template.template, at: now, fill, bring })
      return ok(id)
    } finally {
      source.release()
    }
  } catch (thrown) {
    return fail('failed', describeThrown(thrown))
  }
}
