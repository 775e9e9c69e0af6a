import type { Editor as Tiptap } from '@tiptap/core'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import type { Bytes } from '../../../shared/base/bytes.ts'
import type { LeftOut } from './clipboard.ts'
import { createEditor } from './create-editor.ts'
import './editor.css'
import { FindBar } from './find-bar.tsx'
import { HelpDialog } from './help-dialog.tsx'
import { type Highlight, highlightsMeta, type HighlightSource } from './highlights.ts'
import { LeftOutNotice } from './left-out-notice.tsx'
import { LinkDialog } from './link-dialog.tsx'
import { type PassageSource, setPassages } from './passages.ts'
import type { Passage } from '../wanted-passage.ts'
import { goToWords, readPlace, returnToPlace, scrollTo } from './place.ts'
import { AddPictureDialog, ChangePictureDialog } from './pictures/picture-dialog.tsx'
import { chosenPicture } from './pictures/picture-view.ts'
import { showOthers } from './presence.ts'
import { ReadAloudBar } from './read-aloud-bar.tsx'
import { ReadingToolbar } from './reading-toolbar.tsx'
import { EditorToolbar } from './toolbar.tsx'
import { addSummary } from './summary.ts'
import { SummaryOffer } from './summary-offer.tsx'
import { TextLength } from './text-facts.tsx'
import { useFacts } from './use-facts.ts'
import { useKeysIn } from './use-keys-in.ts'
import { usePictures } from './pictures/use-pictures.ts'

export type { Highlight, HighlightSource }

/** What a screen can ask of an editor. */
export interface EditorHandle {
  focus(): void
  /** Where the person is, to be kept and given back to `goToPlace`. */
  place(): Bytes | undefined
  /** Takes no focus. */
  goToPlace(place: Uint8Array): boolean
  /** Takes the focus where something can be written. Where the words are gone it does nothing. */
  goToWords(passage: Passage): void
  /** Shows passages as long as there is a source; it is asked again whenever others' edits arrive. */
  setHighlights(source: HighlightSource | undefined): void
  /** Underlines passages that people talk about, as long as there is a source; asked again whenever others' edits arrive. */
  setPassages(source: PassageSource | undefined): void
  /** Brings a position on screen; takes no focus. */
  show(position: number): void
  /** The same, with the caret there, ready to write on. */
  goTo(position: number): void
  /** Adds words as a paragraph of their own after the block at this position, as the person's own edit. */
  putAfter(position: number, text: string): void
  /** Returns the way to stop. */
  showOthers(awareness: Awareness, myName: string, nameOf: (clientId: number) => string | undefined): () => void
}

/** What the buttons lead to where people talk about a text. */
export interface EditorTalk {
  /** About the words that are chosen, else about the paragraph with the caret. */
  readonly onComment: (about: { readonly from: number; readonly to: number }) => void
  /** Other words for the paragraph with the caret. */
  readonly onPropose: (about: { readonly from: number; readonly to: number }) => void
  /** To what was said about the passage with the caret. */
  readonly onGoTo: (id: string) => void
}

export interface EditorProps {
  readonly fragment: Y.XmlFragment
  /** Accessible name of the text. */
  readonly label: string
  readonly placeholder: string
  /** Nothing can be typed, and there are no buttons. Give it a copy of the text: a binding can write by itself. */
  readonly readOnly?: boolean
  /** Where a long text may be offered a summary: called when it is, so that it is offered once. */
  readonly onSummaryOffered?: (() => void) | undefined
  /** Undefined: nobody talks about this text. The same object as long as the same is meant. */
  readonly talk?: EditorTalk | undefined
  /** Called with the handle when the editor is ready and with undefined when it goes. */
  readonly onReady?: (handle: EditorHandle | undefined) => void
}

function handleOf(editor: Tiptap): EditorHandle {
  const { view } = editor
  const setHighlights = (source: HighlightSource | undefined): void => {
    const { key, value } = highlightsMeta(source)
    editor.view.dispatch(editor.state.tr.setMeta(key, value))
  }
  return {
    focus: () => view.focus(),
    place: () => (editor.isDestroyed ? undefined : readPlace(editor.view)),
    goToPlace: (place) => returnToPlace(editor.view, place),
    goToWords: (passage) => goToWords(editor.view, passage),
    setHighlights: (source) => {
      if (!editor.isDestroyed) setHighlights(source)
    },
    setPassages: (source) => setPassages(editor, source),
    show: (position) => scrollTo(editor.view, position, 'center'),
    goTo(position) {
      if (editor.isEditable) editor.chain().setTextSelection(position).focus(undefined, { scrollIntoView: false }).run()
      scrollTo(editor.view, position, 'center')
    },
    putAfter(position, text) {
      const { doc, schema, tr } = editor.state
      const found = doc.resolve(Math.min(position, doc.content.size))
      const after = found.depth === 0 ? found.pos : found.after(1)
      editor.view.dispatch(tr.insert(after, schema.node('paragraph', null, schema.text(text))))
    },
    showOthers: (awareness, myName, nameOf) => showOthers(editor, awareness, myName, nameOf),
  }
}

const NOTHING_LEFT_OUT: LeftOut = { pictures: 0, links: 0 }

const isFindKey = ({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean =>
  key.toLowerCase() === 'f' && ctrlKey !== metaKey && !altKey && !shiftKey

/** By its place, too: with Alt some systems write another letter there. */
const isCommentKey = (event: KeyboardEvent): boolean => {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event
  // The key at the right of the space bar counts as Ctrl and Alt on some keyboards, and writes a letter.
  if (shiftKey || !altKey || ctrlKey === metaKey || event.getModifierState('AltGraph')) return false
  return key.toLowerCase() === 'm' || code === 'KeyM'
}

/** What is chosen, else the paragraph with the caret. */
export function chosenIn({ state }: Tiptap): { readonly from: number; readonly to: number } {
  const { selection } = state
  if (!selection.empty) return { from: selection.from, to: selection.to }
  const { $from } = selection
  return $from.parent.isTextblock ? { from: $from.start(), to: $from.end() } : { from: $from.pos, to: $from.pos }
}

/** A text that several people can write in at once, with its buttons. */
export function Editor(props: EditorProps) {
  const { fragment, label, placeholder, readOnly = false, onSummaryOffered, talk, onReady } = props
  const { t, i18n } = useTranslation('editor')
  const { language } = i18n
  const { doc } = fragment
  const id = useId()
  const place = useRef<HTMLDivElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const [editor, setEditor] = useState<Tiptap>()
  const [unknown, setUnknown] = useState(false)
  const [leftOut, setLeftOut] = useState(NOTHING_LEFT_OUT)
  const [bar, setBar] = useState<'none' | 'find' | 'read'>('none')
  const facts = useFacts(editor)
  const [dialog, setDialog] = useState<'none' | 'link' | 'help'>('none')
  const { incoming, addPictures, nextPicture, chosen, setChosen, isBusy, setBusy } = usePictures()
  const file = useRef<HTMLInputElement>(null)

  useEffect(() => {
    const element = place.current
    if (element === null || unknown) return undefined
    const created = createEditor({
      element,
      fragment,
      label,
      language,
      placeholder,
      readOnly,
      names: { summary: t('summary.label') },
      describedBy: `${id}-help`,
      onLink: () => setDialog('link'),
      onToolbar: () => frame.current?.querySelector<HTMLElement>('[role=toolbar] button')?.focus(),
      onLeftOut: setLeftOut,
      pictureWords: {
        describe: (alt) => (alt === '' ? t('picture.undescribed') : t('picture.described', { alt })),
        notHere: t('picture.not-here'),
        unfit: t('picture.unfit'),
      },
      onPictures: addPictures,
      onPicturesBusy: setBusy,
      onUnknown: () => setUnknown(true),
    })
    if (created === undefined) {
      setUnknown(true)
      return undefined
    }
    setEditor(created.editor)
    onReady?.(handleOf(created.editor))
    return () => {
      onReady?.(undefined)
      setEditor(undefined)
      created.destroy()
    }
  }, [fragment, label, language, placeholder, readOnly, id, unknown, onReady, t, addPictures, setBusy])

  const focusText = (): void => {
    if (readOnly) frame.current?.querySelector<HTMLElement>('[role=toolbar] button')?.focus()
    else editor?.view.focus()
  }
  const closeBar = (): void => {
    setBar('none')
    focusText()
  }
  const find = (): void => {
    setBar('find')
    // Where it is open already.
    frame.current?.querySelector<HTMLInputElement>('search input')?.select()
  }
  // In the text and its buttons; elsewhere the key is the window's own.
  useKeysIn(frame, (event) => {
    if (isFindKey(event)) {
      event.preventDefault()
      find()
    } else if (editor !== undefined && talk !== undefined && isCommentKey(event)) {
      event.preventDefault()
      talk.onComment(chosenIn(editor))
    }
  })

  const closeDialog = (): void => {
    setDialog('none')
    // The dialog gives focus back to where it was opened from; typing goes on in the text.
    setTimeout(() => editor?.view.focus(), 60)
  }

  const closePicture = (): void => {
    nextPicture()
    setChosen(undefined)
    setTimeout(() => editor?.view.focus(), 60)
  }
  const onPicture = (): void => {
    const found = editor === undefined ? undefined : chosenPicture(editor.view)
    if (found === undefined) file.current?.click()
    else setChosen(found)
  }

  if (unknown) return <p className="t-editor-unknown">{t('unknown')}</p>
  return (
    <div className="t-editor" ref={frame}>
      {editor === undefined ? null : readOnly ? (
        <ReadingToolbar
          editor={editor}
          outline={facts.outline}
          controls={`${id}-text`}
          onFind={find}
          onRead={() => setBar('read')}
        />
      ) : (
        <EditorToolbar
          editor={editor}
          outline={facts.outline}
          controls={`${id}-text`}
          onLink={() => setDialog('link')}
          onPicture={onPicture}
          onFind={find}
          onRead={() => setBar('read')}
          onHelp={() => setDialog('help')}
          {...(talk === undefined
            ? {}
            : {
                onComment: () => talk.onComment(chosenIn(editor)),
                onPropose: () => talk.onPropose(chosenIn(editor)),
                onGoToComment: talk.onGoTo,
              })}
        />
      )}
      {editor === undefined || readOnly || onSummaryOffered === undefined ? null : (
        <SummaryOffer
          words={facts.words}
          hasSummary={facts.hasSummary}
          onAdd={() => {
            addSummary(editor, t('summary.prompt'))
            editor.view.focus()
          }}
          onOffered={onSummaryOffered}
        />
      )}
      <LeftOutNotice
        left={leftOut}
        onClose={() => {
          setLeftOut(NOTHING_LEFT_OUT)
          focusText()
        }}
      />
      {isBusy ? (
        <div className="t-editor-bar">
          <output>{t('picture.making')}</output>
        </div>
      ) : null}
      <input
        ref={file}
        type="file"
        accept="image/*"
        hidden
        onChange={({ currentTarget }) => {
          addPictures([...(currentTarget.files ?? [])])
          // The same file may be chosen again.
          currentTarget.value = ''
        }}
      />
      <p id={`${id}-help`} className="t-visually-hidden">
        {readOnly ? null : t('keys-short')}
      </p>
      <div id={`${id}-text`} className="t-editor-place" ref={place} />
      <TextLength words={facts.words} />
      {editor === undefined ? null : bar === 'find' ? (
        <FindBar editor={editor} readOnly={readOnly} onClose={closeBar} />
      ) : bar === 'read' ? (
        <ReadAloudBar editor={editor} language={language} onClose={closeBar} />
      ) : null}
      {editor !== undefined && dialog === 'link' ? <LinkDialog editor={editor} onClose={closeDialog} /> : null}
      {editor === undefined || doc === null ? null : incoming !== undefined ? (
        <AddPictureDialog key={incoming.turn} editor={editor} doc={doc} file={incoming.file} onClose={closePicture} />
      ) : chosen !== undefined ? (
        <ChangePictureDialog editor={editor} doc={doc} chosen={chosen} onClose={closePicture} />
      ) : null}
      {dialog === 'help' ? <HelpDialog onClose={closeDialog} /> : null}
    </div>
  )
}
