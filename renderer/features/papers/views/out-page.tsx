import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type * as Y from 'yjs'
import { describeThrown } from '../../../../shared/base/errors.ts'
import {
  announce,
  Button,
  ButtonLink,
  ChoiceList,
  longDay,
  Notice,
  Page,
  Row,
  saveFile,
  Section,
} from '../../../ui/index.ts'
import { parseApart } from '../../../ui/editor/from-html.ts'
import { useDocument } from '../../../ui/editor/index.ts'
import { picturesIn } from '../../../ui/editor/pictures/picture.ts'
import { createPictureSources } from '../../../ui/editor/pictures/sources.ts'
import { toHtml } from '../../../ui/editor/to-html.ts'
import { CONTENT } from '../model/commands.ts'
import { type FileKind, htmlWords, takeOut } from '../model/export/take-out.ts'
import type { HeldPaper } from '../model/places.ts'
import './printed.css'
import { scopeOf } from './words.ts'

const KINDS = ['word', 'markdown', 'html'] as const
type Size = 'normal' | 'large'

export interface OutPageProps {
  readonly held: HeldPaper
  /** Bytes that are now in a file that is not locked. What is printed cannot be counted: only the browser knows whether it was. */
  readonly onSaved: (bytes: number) => void
}

/** One paper on its way out of Teatray: onto paper, or into a file. */
export function OutPage({ held, onSaved }: OutPageProps) {
  const { t } = useTranslation('in-and-out')
  const { t: ofPapers } = useTranslation('papers')
  const { place, paper } = held
  const { circle } = place
  const opening = useDocument(useCallback(() => circle.open(paper.id), [circle, paper.id]))
  return (
    <Page title={t('out.title', { title: paper.title })} scope={scopeOf(place)} width="wide">
      <Row>
        <ButtonLink href={`/papers/${paper.id}`}>{t('out.back')}</ButtonLink>
      </Row>
      {opening.state === 'failed' ? (
        <Notice tone="problem" title={ofPapers('open-failed')} safe={ofPapers('open-failed-safe')} />
      ) : null}
      {opening.state === 'opening' ? <p className="t-quiet">{t('out.opening')}</p> : null}
      {opening.state === 'open' ? (
        <WaysOut held={held} words={opening.document.doc.getXmlFragment(CONTENT)} onSaved={onSaved} />
      ) : null}
    </Page>
  )
}

interface WaysProps extends OutPageProps {
  readonly words: Y.XmlFragment
}

function WaysOut({ held, words, onSaved }: WaysProps) {
  const { t, i18n } = useTranslation('in-and-out')
  const [size, setSize] = useState<Size>('normal')
  const [busy, setBusy] = useState<FileKind>()
  const [notMade, setNotMade] = useState(false)
  const save = async (kind: FileKind): Promise<void> => {
    setBusy(kind)
    setNotMade(false)
    try {
      const { name, bytes } = await takeOut(kind, held.paper.title, words, i18n)
      saveFile(name, bytes)
      onSaved(bytes.length)
      announce(t('out.saved', { name }))
    } catch (thrown) {
      console.warn('out', describeThrown(thrown))
      setNotMade(true)
    }
    setBusy(undefined)
  }
  return (
    <>
      <Notice tone="care" title={t('out.care')} />
      <Section title={t('out.save')}>
        {notMade ? (
          <Notice tone="problem" announce="now" title={t('out.not-saved')} safe={t('out.not-saved-safe')} />
        ) : null}
        <Row>
          {KINDS.map((kind) => (
            <Button key={kind} busy={busy === kind} onPress={() => void save(kind)}>
              {t(`out.${kind}`)}
            </Button>
          ))}
        </Row>
      </Section>
      <Section title={t('out.print')}>
        <p>{t('out.print-what')}</p>
        <ChoiceList
          id="print-size"
          label={t('out.size')}
          value={size}
          options={(['normal', 'large'] as const).map((value) => ({ value, label: t(`out.${value}`) }))}
          onChange={(value) => setSize(value === 'large' ? 'large' : 'normal')}
        />
        <Row>
          <Button look="primary" onPress={() => window.print()}>
            {t('out.print-go')}
          </Button>
        </Row>
      </Section>
      <Sheet held={held} words={words} size={size} />
    </>
  )
}

interface SheetProps extends Omit<WaysProps, 'onSaved'> {
  readonly size: Size
}

/** Keeps the addresses of all pictures that the words show; calls back when there is another one. Returns the way to stop. */
function watchPictures(words: Y.XmlFragment, addresses: Map<string, string>, onFound: () => void): () => void {
  if (words.doc === null) return () => undefined
  const sources = createPictureSources(words.doc)
  const watched = new Set<string>()
  const look = (): void => {
    for (const { hash } of picturesIn(words)) {
      if (watched.has(hash)) continue
      watched.add(hash)
      sources.watch(hash, (shown) => {
        if (shown.state !== 'shown') return
        addresses.set(hash, shown.src)
        onFound()
      })
    }
  }
  look()
  words.observeDeep(look)
  return () => {
    words.unobserveDeep(look)
    sources.close()
  }
}

/**
 * What is printed: the words and nothing of the app; follows the paper while others write in it. Whom it was for, but nobody's name:
 * paper is left on tables.
 */
function Sheet({ held, words, size }: SheetProps) {
  const { t, i18n } = useTranslation('in-and-out')
  const place = useRef<HTMLDivElement>(null)
  const [day] = useState(() => longDay(i18n, Date.now()))
  useEffect(() => {
    const addresses = new Map<string, string>()
    const show = (): void => {
      const body = parseApart(toHtml(words, htmlWords(i18n), addresses))
      place.current?.replaceChildren(...body.childNodes)
    }
    const stop = watchPictures(words, addresses, show)
    show()
    words.observeDeep(show)
    return () => {
      words.unobserveDeep(show)
      stop()
    }
  }, [words, i18n])
  return (
    <section className="paper-sheet t-printed-alone" data-size={size} aria-label={t('out.sheet')}>
      <h2>{held.paper.title}</h2>
      <p className="paper-sheet-facts">
        {t('out.printed', { day, circle: held.place.name, count: held.place.people.length })}
      </p>
      <div ref={place} />
    </section>
  )
}
