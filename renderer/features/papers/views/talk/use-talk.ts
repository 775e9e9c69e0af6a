import { useMemo, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type * as Y from 'yjs'
import type { MemberId } from '../../../../../shared/base/ids.ts'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import { useLive } from '../../../../ui/index.ts'
import { liveEntries } from '../../model/entries.ts'
import { type Anchor, type Place, placesOf } from '../../model/talk/anchor.ts'
import type { Named } from '../../model/places.ts'
import { saidSince } from '../../model/talk/new-since.ts'
import { ENTRIES, type Talk, talkOf } from '../../model/talk/talk.ts'
import { nameOf } from '../words.ts'

export const useTalk = ({ doc, attribution }: OpenDocument): Talk =>
  useLive(useMemo(() => liveEntries(doc, ENTRIES, () => talkOf(doc, attribution)), [doc, attribution]))

/** Long enough that typing is not slowed, short enough that what is said of the text is true. */
const SETTLE = 400

export type Anchors = readonly (readonly [string, Anchor])[]

/** Where the words are that people talk about; worked out again a moment after each change. */
export function usePlaces(content: Y.XmlFragment, anchors: Anchors): ReadonlyMap<string, Place> {
  const store = useMemo(() => {
    let value = placesOf(content, anchors)
    return {
      get: () => value,
      subscribe: (onChange: () => void) => {
        let timer: ReturnType<typeof setTimeout> | undefined
        const later = (): void => {
          clearTimeout(timer)
          timer = setTimeout(() => {
            value = placesOf(content, anchors)
            onChange()
          }, SETTLE)
        }
        content.observeDeep(later)
        return () => {
          clearTimeout(timer)
          content.unobserveDeep(later)
        }
      },
    }
  }, [content, anchors])
  return useSyncExternalStore(store.subscribe, store.get)
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
