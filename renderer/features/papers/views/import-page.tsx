import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeThrown, ok } from '../../../../shared/base/errors.ts'
import type { CircleId } from '../../../../shared/base/ids.ts'
import type { LocalValues } from '../../../../shared/model/contexts.ts'
import { announce, Button, ChooseFile, Notice, Page, Row, TextLink, type WaitingFile } from '../../../ui/index.ts'
import { createPaper } from '../model/commands.ts'
import { type BroughtIn, bringIn } from '../model/import/bring-in.ts'
import { type ImportProblem, MOST_BYTES } from '../model/import/problems.ts'
import { type Reading, readInWorker } from '../model/import/read-in-worker.ts'
import { isWritable, type Place, suggestedPlace } from '../model/places.ts'
import { NowhereToWrite, PaperForm, useLastFor } from './paper-form.tsx'
import { scopeOf } from './words.ts'

const ACCEPT = '.docx,.md,.markdown,.html,.htm,.txt'

type Step =
  | { readonly step: 'choose' }
  | { readonly step: 'reading'; readonly name: string; readonly long: boolean }
  | { readonly step: 'refused'; readonly name: string; readonly problem: ImportProblem | 'not-read' }
  | { readonly step: 'read'; readonly name: string; readonly text: BroughtIn }

/** Reads one file at a time; another one, or leaving the page, ends the reading. */
function useReading() {
  const [step, setStep] = useState<Step>({ step: 'choose' })
  const reading = useRef<Reading | undefined>(undefined)
  const turn = useRef(0)
  const stop = useCallback((): void => {
    turn.current += 1
    reading.current?.stop()
    reading.current = undefined
  }, [])
  useEffect(() => stop, [stop])

  const read = useCallback(
    async (file: WaitingFile): Promise<void> => {
      stop()
      const { name } = file
      const mine = turn.current
      const say = (next: Step): void => {
        if (turn.current === mine) setStep(next)
      }
      if (file.size > MOST_BYTES) return say({ step: 'refused', name, problem: 'too-large' })
      say({ step: 'reading', name, long: false })
      const bytes = await file.read().catch((thrown: unknown) => {
        console.warn('file', describeThrown(thrown))
        return undefined
      })
      if (turn.current !== mine) return
      if (bytes === undefined) return say({ step: 'refused', name, problem: 'not-read' })
      const started = readInWorker(bytes, name, () => say({ step: 'reading', name, long: true }))
      reading.current = started
      const result = await started.result
      if (turn.current !== mine) return
      const text = result.ok ? await bringIn(result.value, name) : result
      if (turn.current !== mine) return
      if (!text.ok) console.warn('file', text.error, text.detail)
      say(text.ok ? { step: 'read', name, text: text.value } : { step: 'refused', name, problem: text.error })
    },
    [stop],
  )
  const goOn = (name: string): void => {
    reading.current?.goOn()
    setStep({ step: 'reading', name, long: false })
  }
  const end = (name: string): void => {
    stop()
    setStep({ step: 'refused', name, problem: 'takes-long' })
  }
  return { step, read, goOn, end, again: () => setStep({ step: 'choose' }) }
}

export interface ImportPageProps {
  readonly places: readonly Place[]
  readonly local: LocalValues
  readonly wanted: CircleId | undefined
  /** A file that was dropped on the list, or here. */
  readonly dropped: WaitingFile | undefined
  readonly onTaken: (none: undefined) => void
}

/** A file is chosen, read, and looked at; then, for whom the person says, it becomes a paper. */
export function ImportPage({ places, local, wanted, dropped, onTaken }: ImportPageProps) {
  const { t } = useTranslation('in-and-out')
  const { step, read, goOn, end, again } = useReading()
  const [chosen, setChosen] = useState(wanted)
  const last = useLastFor(local)
  useEffect(() => {
    if (dropped === undefined) return
    onTaken(undefined)
    void read(dropped)
  }, [dropped, onTaken, read])
  const isBusy = step.step === 'reading'
  useEffect(() => {
    if (isBusy) announce(t('import.busy', { name: step.name }))
    // The name is that of the file whose reading began.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isBusy, t])

  const open = places.filter(isWritable)
  const place = open.find(({ circle }) => circle.id === chosen) ?? suggestedPlace(places, undefined, last?.circle)
  if (place === undefined) return <NowhereToWrite title={t('import.title')} places={places} />
  const chooser = (label: string) => (
    <ChooseFile label={label} others={{ accept: ACCEPT, onFile: (file) => void read(file) }}>
      {t('import.choose-what')}
    </ChooseFile>
  )
  if (step.step === 'read' && last !== undefined) {
    return (
      <Page title={t('import.title')} scope={scopeOf(place)} step="read">
        <ImportForm
          key={step.name}
          name={step.name}
          text={step.text}
          places={open}
          place={place}
          local={local}
          onPlace={setChosen}
          onAgain={again}
        />
      </Page>
    )
  }
  return (
    <Page title={t('import.title')} lead={<p>{t('import.lead')}</p>} step="choose">
      {step.step === 'refused' ? (
        <Notice
          tone="problem"
          announce="now"
          title={t(`refused.${step.problem}`, { name: step.name })}
          safe={t('refused.safe')}
        >
          {t(`refused.${step.problem}-what`)}
        </Notice>
      ) : null}
      {step.step !== 'reading' ? (
        chooser(t('import.choose'))
      ) : step.long ? (
        <Notice
          announce="soon"
          title={t('import.long', { name: step.name })}
          safe={t('import.long-safe')}
          actions={
            <>
              <Button onPress={() => goOn(step.name)}>{t('import.go-on')}</Button>
              <Button onPress={() => end(step.name)}>{t('import.stop')}</Button>
            </>
          }
        />
      ) : (
        <Row>
          <p className="t-quiet">{t('import.busy', { name: step.name })}</p>
          <Button onPress={() => end(step.name)}>{t('import.stop')}</Button>
        </Row>
      )}
      <p>
        <TextLink href="/papers/new">{t('import.new')}</TextLink>
      </p>
    </Page>
  )
}

const KINDS = ['pictures', 'links', 'comments', 'changes', 'footnotes'] as const

function WhatIsLeftOut({ leftOut }: Pick<BroughtIn, 'leftOut'>) {
  const { t } = useTranslation('in-and-out')
  const lines = [
    ...KINDS.filter((kind) => leftOut[kind] > 0).map((kind) => t(`left-out.${kind}`, { count: leftOut[kind] })),
    ...(leftOut.headers > 0 ? [t('left-out.headers')] : []),
  ]
  if (lines.length === 0) return null
  return (
    <Notice tone="care" announce="soon" title={t('left-out.title')}>
      <ul className="t-plain-list">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>{t('left-out.safe')}</p>
    </Notice>
  )
}

interface FormProps {
  readonly name: string
  readonly text: BroughtIn
  /** Where something can be written. */
  readonly places: readonly Place[]
  readonly place: Place
  readonly local: LocalValues
  readonly onPlace: (place: CircleId | undefined) => void
  readonly onAgain: () => void
}

function ImportForm({ name, text, places, place, local, onPlace, onAgain }: FormProps) {
  const { t } = useTranslation('in-and-out')
  const [title, setTitle] = useState(text.title)
  return (
    <PaperForm
      id="import"
      places={places}
      place={place}
      local={local}
      title={title}
      submit={t('import.create')}
      other={<Button onPress={onAgain}>{t('import.another')}</Button>}
      onPlace={onPlace}
      onTitle={setTitle}
      make={async (circle, named) => {
        const paper = { title: named, template: 'empty', content: text.content, pictures: text.pictures }
        return ok(await createPaper(circle, paper, Date.now()))
      }}
    >
      <div>
        <p>
          {t('import.read', { name })} {t('import.words', { count: text.words })}{' '}
          {text.pictures.size === 0 ? '' : t('import.pictures', { count: text.pictures.size })}{' '}
          {text.undescribed === 0 ? '' : t('import.undescribed', { count: text.undescribed })}
        </p>
        {text.beginning === '' ? null : <p>{t('import.begins', { text: text.beginning })}</p>}
      </div>
      <WhatIsLeftOut leftOut={text.leftOut} />
    </PaperForm>
  )
}
