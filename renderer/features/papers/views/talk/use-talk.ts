import { useCallback, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type * as Y from 'yjs'
import type { MemberId } from '../../../../../shared/base/ids.ts'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import { useLive } from '../../../../ui/index.ts'
import { CONTENT } from '../../model/commands.ts'
import { liveEntries } from '../../model/entries.ts'
import { type Anchor, type Place, placesOf } from '../../model/talk/anchor.ts'
import type { Named } from '../../model/places.ts'
import { mendDoubled } from '../../model/talk/mend.ts'
import { saidSince } from '../../model/talk/new-since.ts'
import { type Proposal, proposalsOf } from '../../model/talk/proposal.ts'
import { type ReadBy, readBy } from '../../model/talk/reading.ts'
import { ENTRIES, type Talk, talkOf } from '../../model/talk/talk.ts'
import { settled, useSettled } from '../use-settled.ts'
import { nameOf } from '../words.ts'

export const useTalk = ({ doc, attribution }: OpenDocument): Talk =>
  useLive(useMemo(() => liveEntries(doc, ENTRIES, () => talkOf(doc, attribution)), [doc, attribution]))

export type Anchors = readonly (readonly [string, Anchor])[]

/** `read` must be the same function as long as the same is meant. */
const useOfWords = <Value>(content: Y.XmlFragment, read: (content: Y.XmlFragment) => Value): Value =>
  useSettled(
    useCallback(() => read(content), [content, read]),
    useCallback(
      (onChange) => {
        content.observeDeep(onChange)
        return () => content.unobserveDeep(onChange)
      },
      [content],
    ),
  )

/** Where the words are that people talk about. */
export const usePlaces = (content: Y.XmlFragment, anchors: Anchors): ReadonlyMap<string, Place> =>
  useOfWords(
    content,
    useCallback((words) => placesOf(words, anchors), [anchors]),
  )

export const useProposals = (content: Y.XmlFragment, talk: Talk): readonly Proposal[] =>
  useOfWords(
    content,
    useCallback((words) => proposalsOf(words, talk), [talk]),
  )

export const useReadBy = (content: Y.XmlFragment, { readings }: Talk): readonly ReadBy[] =>
  useOfWords(
    content,
    useCallback((words) => readBy(words, readings), [readings]),
  )

/** Takes out words that are there twice, because two people accepted one proposal apart. */
export function useMended({ doc }: OpenDocument, mayWrite: boolean): void {
  useEffect(() => {
    if (!mayWrite) return undefined
    const { later, stop } = settled(() => mendDoubled(doc, doc.getXmlFragment(CONTENT)))
    later()
    doc.on('update', later)
    return () => {
      stop()
      doc.off('update', later)
    }
  }, [doc, mayWrite])
}

/** 'Bob wrote 2 comments.', of everybody else who did since then. */
export function useSaidLines(
  document: OpenDocument,
  people: readonly Named[],
  since: Y.Snapshot | undefined,
  me: MemberId,
): readonly string[] {
  const { t } = useTranslation(['talk', 'papers'])
  const { i18n } = useTranslation()
  const talk = useTalk(document)
  if (since === undefined) return []
  const ofPapers = i18n.getFixedT(i18n.language, 'papers')
  return saidSince(talk, since, me).map(({ by, count }) => t('since', { name: nameOf(ofPapers, people, by), count }))
}
