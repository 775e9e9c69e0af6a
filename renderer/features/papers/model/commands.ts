/** What can be done to a paper, each as one change of its record. Writing its words is the editor's. */
import type { CircleContext } from '../../../../shared/model/contexts.ts'
import { fail, type Result } from '../../../../shared/base/errors.ts'
import { newDocumentId, type DocumentId } from '../../../../shared/base/ids.ts'
import { type Fields, putRecord } from '../../../../shared/model/record.ts'
import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import type * as Y from 'yjs'
import { giveRoomForWords } from '../../../ui/editor/room-for-words.ts'
import { putPictures } from '../../../ui/editor/pictures/kept.ts'
import { editorSchema } from '../../../ui/editor/schema.ts'
import { changedField, paperRecord } from './paper.ts'
import type { Day } from './versions/day.ts'

type Circle = Pick<CircleContext, 'records' | 'me' | 'open'>

export const CONTENT = 'content'
export const LONGEST_TITLE = 200

export const tidyTitle = (typed: string): string => typed.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_TITLE)

interface NewPaper {
  readonly title: string
  readonly template: string
  /** ProseMirror JSON of the template; undefined for an empty paper. */
  readonly content?: object | undefined
  /** Those that the content shows, by their hashes. */
  readonly pictures?: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
}

/**
 * The words first, then the record: a paper that is listed has its words. Resolves when both are on this computer's disk.
 */
export async function createPaper(circle: Circle, paper: NewPaper, now: number): Promise<DocumentId> {
  const id = newDocumentId()
  const { content, pictures = new Map() } = paper
  const fill = (words: Y.XmlFragment): void => {
    putPictures(words, pictures)
    if (content === undefined) return
    prosemirrorJSONToYXmlFragment(editorSchema(), content, words)
    giveRoomForWords(words)
  }
  await storePaper(circle, id, { ...paper, at: now, fill })
  return id
}

/** As createPaper(), with an id and words made elsewhere; `marks`: other fields that it has from the beginning. */
export async function storePaper(
  circle: Circle,
  id: DocumentId,
  paper: Pick<NewPaper, 'title' | 'template'> & {
    readonly at: number
    readonly marks?: Fields
    readonly fill: (words: Y.XmlFragment) => void
    /** After the words are there: brings the pictures that they show. */
    readonly bring?: (words: Y.XmlFragment) => Promise<void>
  },
): Promise<void> {
  const document = await circle.open(id)
  try {
    const words = document.doc.getXmlFragment(CONTENT)
    document.doc.transact(() => paper.fill(words))
    await paper.bring?.(words)
    await document.flush()
    putRecord(circle.records, paperRecord, id, {
      title: tidyTitle(paper.title),
      template: paper.template,
      createdBy: circle.me,
      createdAt: paper.at,
      binnedAt: null,
      binnedBy: null,
      ...paper.marks,
    })
    await document.flush()
  } finally {
    document.release()
  }
}

/** 'newer-version': a newer Teatray has written this record in a way that this one must not touch. */
type Changed = Result<void, 'newer-version'>

export function renamePaper(circle: Circle, id: DocumentId, typed: string): Result<void, 'newer-version' | 'empty'> {
  const title = tidyTitle(typed)
  return title === '' ? fail('empty') : putRecord(circle.records, paperRecord, id, { title })
}

/** For everybody in the circle; for 30 days anybody in it can put the paper back. */
export const binPaper = (circle: Circle, id: DocumentId, now: number): Changed =>
  putRecord(circle.records, paperRecord, id, { binnedAt: now, binnedBy: circle.me })

export const restorePaper = (circle: Circle, id: DocumentId): Changed =>
  putRecord(circle.records, paperRecord, id, { binnedAt: null, binnedBy: null })

/** For everybody in the circle, each of whom can take it out again. */
export const pinPaper = (circle: Circle, id: DocumentId, pinned: boolean): Changed =>
  putRecord(circle.records, paperRecord, id, { pinned })

/** For everybody in the circle, as pinPaper(): new papers can begin with its words. */
export const offerAsTemplate = (circle: Circle, id: DocumentId, isTemplate: boolean): Changed =>
  putRecord(circle.records, paperRecord, id, { isTemplate })

/** Tells the list, on everybody's computer, who changed the words last. Once in a while is enough. */
export const noteChange = (circle: Circle, id: DocumentId, now: number): Changed =>
  putRecord(circle.records, paperRecord, id, { [changedField(circle.me)]: now })

export const setReview = (circle: Circle, id: DocumentId, reviewOn: Day | null): Changed =>
  putRecord(circle.records, paperRecord, id, { reviewOn })
