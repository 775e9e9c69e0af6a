import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Result } from '../../../../shared/base/errors.ts'
import type { MemberId } from '../../../../shared/base/ids.ts'
import type { GroupContext, MakeFileProblem, UpdateFile, UpdateFilePlan } from '../../../../shared/model/contexts.ts'
import { Button, ButtonLink, Notice, Page, saveFile, Section, Tick, useLive } from '../../../ui/index.ts'
import { fileName, fileSize } from '../model/file-name.ts'

/** What e-mail services commonly take, with room for how mail packs files. */
const MAIL_BYTES = 15 * 1024 * 1024

interface GiveFileProps {
  readonly group: GroupContext
  /** Undefined: for everybody. */
  readonly to: MemberId | undefined
}

/** '' for somebody else, '-mine' for one's own other computers, '-all' for everybody: each has its own sentences. */
type Kind = '' | '-mine' | '-all'

/** Says what is in the file and who can read it; then makes it and hands it over. */
export function GiveFile({ group, to }: GiveFileProps) {
  const { t } = useTranslation('files')
  // What is in the file changes as others are heard of.
  useLive(group.sync)
  const person = useLive(group.circle.people).find(({ id }) => id === to)
  const [everything, setEverything] = useState(false)
  const { made, busy, make } = useMaking(() => group.files.make({ to, everything }))
  const plan = group.files.plan(to, everything)
  const kind: Kind = to === undefined ? '-all' : person?.isMe === true ? '-mine' : ''
  const name = person?.name ?? ''
  const title = kind === '' ? t('give.title', { name }) : t(`give.title${kind}`)

  if (made?.ok === true) return <MadeFile file={made.value} kind={kind} title={title} />
  if (plan === undefined || (to !== undefined && person === undefined)) {
    return (
      <Page title={t('give.gone')} scope={{ kind: 'computer' }}>
        <p>{t('give.gone-what')}</p>
        <ButtonLink href="/safety/files">{t('give.back')}</ButtonLink>
      </Page>
    )
  }
  return (
    // Who can read it is said in full below.
    <Page title={title}>
      {made === undefined ? null : <NotMade problem={made.error} />}
      <Section title={t('give.what')}>
        <Plan plan={plan} kind={kind} name={name} everything={everything} />
        <Tick
          id="everything"
          label={t('give.everything')}
          hint={t('give.everything-hint')}
          checked={everything}
          onChange={setEverything}
        />
      </Section>
      <Section title={t('give.who')}>
        <ul className="t-plain-list">
          <li>{kind === '' ? t('give.who-one', { name }) : t(`give.who${kind}`)}</li>
          <li>{t('give.who-others')}</li>
          <li>{t('give.who-notes')}</li>
        </ul>
      </Section>
      <div className="t-row">
        <Button look="primary" busy={busy} onPress={make}>
          {t('give.go')}
        </Button>
        <ButtonLink href="/safety/files">{t('give.back')}</ButtonLink>
      </div>
    </Page>
  )
}

interface PlanProps {
  readonly plan: UpdateFilePlan
  readonly kind: Kind
  readonly name: string
  readonly everything: boolean
}

function Plan({ plan, kind, name, everything }: PlanProps) {
  const { t } = useTranslation('files')
  const inIt = plan.circles.filter(({ changes }) => everything || changes > 0)
  if (inIt.length === 0) return <p>{kind === '' ? t('give.has-all', { name }) : t(`give.has-all${kind}`)}</p>
  const lacks = kind === '' ? t('give.lacks', { name }) : t(`give.lacks${kind}`)
  return (
    <>
      <p>{everything ? t('give.everything-will') : lacks}</p>
      <ul className="t-plain-list">
        {inIt.map(({ id, name: circle, changes }) => (
          <li key={id}>{t('give.circle', { circle, changes: t('changes', { count: changes }) })}</li>
        ))}
      </ul>
    </>
  )
}

export function NotMade({ problem }: { readonly problem: MakeFileProblem }) {
  const { t } = useTranslation('files')
  return (
    <Notice tone="problem" announce="now" title={t(`give.problem.${problem}`)} safe={t('give.problem-safe')}>
      {problem === 'storage-failed' ? t('give.problem-retry') : undefined}
    </Notice>
  )
}

interface MadeFileProps {
  readonly file: UpdateFile
  readonly kind: Kind
  readonly title: string
}

function MadeFile({ file, kind, title }: MadeFileProps) {
  return (
    <Page title={title} step="made" over>
      <HandOver file={file} kind={kind} />
    </Page>
  )
}

/** Makes a file when asked, and hands it over at once. */
export function useMaking(making: () => Promise<Result<UpdateFile, MakeFileProblem>>) {
  const { i18n } = useTranslation('files')
  const [made, setMade] = useState<Result<UpdateFile, MakeFileProblem>>()
  const [busy, setBusy] = useState(false)
  const make = async () => {
    setBusy(true)
    const result = await making()
    if (result.ok) saveFile(fileName(i18n, result.value), result.value.bytes)
    setMade(result)
    setBusy(false)
  }
  return { made, busy, make: () => void make() }
}

/** It has been handed over once, and is again when asked. */
export function HandOver({ file, kind }: Omit<MadeFileProps, 'title'>) {
  const { t, i18n } = useTranslation('files')
  const name = fileName(i18n, file)
  const size = fileSize(i18n, file.bytes.length)
  return (
    <>
      <Notice tone="good" announce="soon" title={t('give.done')} safe={t('give.done-where', { name, size })}>
        <p>{kind === '' ? t('give.done-send', { name: file.to?.name ?? '' }) : t(`give.done-send${kind}`)}</p>
        <p>{t('give.done-open')}</p>
        {file.bytes.length > MAIL_BYTES ? <p>{t('give.large')}</p> : null}
        {file.whole ? null : <p>{t('give.partly')}</p>}
        <p>{t('give.done-nothing-lost')}</p>
      </Notice>
      <div className="t-row">
        <Button onPress={() => saveFile(name, file.bytes)}>{t('give.again')}</Button>
        <ButtonLink href="/safety/files">{t('give.back')}</ButtonLink>
      </div>
    </>
  )
}
