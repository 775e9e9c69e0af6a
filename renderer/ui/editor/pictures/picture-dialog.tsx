import type { Editor } from '@tiptap/core'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type * as Y from 'yjs'
import { Button } from '../../button.tsx'
import { Dialog } from '../../dialog.tsx'
import { ChoiceList, Field, Tick } from '../../field.tsx'
import { announce } from '../../live-region.tsx'
import { Notice } from '../../messages.tsx'
import { changePicture, insertPicture, removePicture } from './insert.ts'
import { addPicture, type KeptPicture, MOST_IN_ALL, readPicture, roomTaken } from './kept.ts'
import { makeSmaller, type SmallerProblem } from './make-smaller.ts'
import { LONGEST_ALT, type Picture, type PictureSize, SIZES, tidyAlt } from './picture.ts'

/** Said from here on, so that nobody is surprised by the end. */
const NEAR_FULL = MOST_IN_ALL * 0.7

interface FormProps {
  readonly picture: KeptPicture | undefined
  readonly doc: Y.Doc
  readonly title: string
  readonly save: string
  readonly before: Omit<Picture, 'hash'>
  readonly onSave: (picture: Omit<Picture, 'hash'>) => void
  readonly onRemove?: () => void
  readonly onClose: () => void
  readonly isFull?: boolean
}

function Preview({ picture }: { readonly picture: KeptPicture }) {
  const { t } = useTranslation('editor')
  const image = useRef<HTMLImageElement>(null)
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([picture.bytes], { type: `image/${picture.kind}` }))
    if (image.current !== null) image.current.src = made
    return () => URL.revokeObjectURL(made)
  }, [picture])
  return <img ref={image} className="t-picture-preview" alt={t('picture.preview')} />
}

const inMegabytes = (language: string, bytes: number): string =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(bytes / 1024 / 1024)

/** Shows a picture small, and asks what it shows. */
function PictureForm({ picture, doc, title, save, before, onSave, onRemove, onClose, isFull = false }: FormProps) {
  const { t, i18n } = useTranslation('editor')
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const [alt, setAlt] = useState(before.alt)
  const [isDecoration, setDecoration] = useState(before.isDecoration)
  const [size, setSize] = useState<PictureSize>(before.size)
  const [problem, setProblem] = useState(false)
  const [taken] = useState(() => roomTaken(doc))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const words = tidyAlt(alt)
    if (!isDecoration && words === '') {
      setProblem(true)
      form.current?.querySelector('textarea')?.focus()
      return
    }
    onSave({ alt: isDecoration ? '' : words, isDecoration, size })
  }
  return (
    <Dialog
      open
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button look="primary" onPress={() => form.current?.requestSubmit()}>
            {save}
          </Button>
          {onRemove === undefined ? null : <Button onPress={onRemove}>{t('picture.remove')}</Button>}
          <Button onPress={onClose}>{t('picture.cancel')}</Button>
        </>
      }
    >
      {isFull ? <Notice tone="problem" announce="now" title={t('picture.full')} safe={t('picture.full-safe')} /> : null}
      {picture === undefined ? null : <Preview picture={picture} />}
      <form ref={form} className="t-stack" onSubmit={submit} noValidate>
        <Field
          id={`${id}-alt`}
          label={t('picture.alt')}
          hint={t('picture.alt-hint')}
          problem={problem ? t('picture.alt-problem') : undefined}
          value={alt}
          onChange={setAlt}
          lines={2}
          maxLength={LONGEST_ALT}
        />
        <Tick
          id={`${id}-decoration`}
          label={t('picture.decoration')}
          hint={t('picture.decoration-hint')}
          checked={isDecoration}
          onChange={setDecoration}
        />
        <ChoiceList
          id={`${id}-size`}
          label={t('picture.size')}
          value={size}
          options={SIZES.map((value) => ({ value, label: t(`picture.${value}`) }))}
          onChange={setSize}
        />
      </form>
      {taken < NEAR_FULL ? null : (
        <p className="t-quiet">
          {t('picture.room', {
            taken: inMegabytes(i18n.language, taken),
            most: inMegabytes(i18n.language, MOST_IN_ALL),
          })}
        </p>
      )}
    </Dialog>
  )
}

const UNSAID = { alt: '', isDecoration: false, size: 'wide' } as const

type Making =
  | { readonly state: 'making' }
  | { readonly state: 'made'; readonly picture: KeptPicture }
  | { readonly state: 'refused'; readonly problem: SmallerProblem }

export interface AddPictureDialogProps {
  readonly editor: Editor
  readonly doc: Y.Doc
  readonly file: File
  readonly onClose: () => void
}

/** A picture that comes in: made ready first, which takes what it takes. */
export function AddPictureDialog({ editor, doc, file, onClose }: AddPictureDialogProps) {
  const { t } = useTranslation('editor')
  const [making, setMaking] = useState<Making>({ state: 'making' })
  const [isFull, setFull] = useState(false)
  useEffect(() => {
    let left = false
    void makeSmaller(file).then((made) => {
      if (!made.ok) console.warn('picture', made.error, made.detail)
      if (left) return
      setMaking(made.ok ? { state: 'made', picture: made.value } : { state: 'refused', problem: made.error })
    })
    return () => {
      left = true
    }
  }, [file])
  const save = async (bytes: KeptPicture['bytes'], said: Omit<Picture, 'hash'>): Promise<void> => {
    const added = await addPicture(doc, bytes)
    if (!added.ok) return setFull(true)
    if (!editor.isDestroyed) insertPicture(editor.view, { hash: added.value, ...said })
    onClose()
  }
  if (making.state === 'made') {
    const { picture } = making
    return (
      <PictureForm
        picture={picture}
        doc={doc}
        title={t('picture.add')}
        save={t('picture.put-in')}
        before={UNSAID}
        isFull={isFull}
        onSave={(said) => void save(picture.bytes, said)}
        onClose={onClose}
      />
    )
  }
  return (
    <Dialog
      open
      title={t(making.state === 'making' ? 'picture.add' : 'picture.refused')}
      onClose={onClose}
      actions={<Button onPress={onClose}>{t(making.state === 'making' ? 'picture.cancel' : 'bar.close')}</Button>}
    >
      {making.state === 'making' ? (
        <output>{t('picture.making')}</output>
      ) : (
        <p>
          {t(`picture.problem.${making.problem}`)} {t('picture.refused-safe')}
        </p>
      )}
    </Dialog>
  )
}

export interface ChangePictureDialogProps {
  readonly editor: Editor
  readonly doc: Y.Doc
  readonly chosen: { readonly picture: Picture; readonly position: number }
  readonly onClose: () => void
}

/** A picture that is in the text. */
export function ChangePictureDialog({ editor, doc, chosen, onClose }: ChangePictureDialogProps) {
  const { t } = useTranslation('editor')
  const { picture, position } = chosen
  const { hash } = picture
  const [kept, setKept] = useState<KeptPicture>()
  useEffect(() => {
    let left = false
    void readPicture(doc, hash).then((read) => {
      if (read.ok && !left) setKept(read.value)
    })
    return () => {
      left = true
    }
  }, [doc, hash])
  const done = (isThere: boolean): void => {
    if (!isThere) announce(t('picture.gone'))
    onClose()
  }
  return (
    <PictureForm
      picture={kept}
      doc={doc}
      title={t('picture.change')}
      save={t('picture.save')}
      before={picture}
      onSave={(said) => done(changePicture(editor.view, position, { hash, ...said }))}
      onRemove={() => done(removePicture(editor.view, position, picture))}
      onClose={onClose}
    />
  )
}
