import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeThrown } from '../../../../shared/base/errors.ts'
import type { BackupsContext, BackupsView } from '../../../../shared/model/backups.ts'
import type { AppSession } from '../../../../shared/model/contexts.ts'
import {
  announce,
  Button,
  ButtonLink,
  ConfirmDialog,
  ErrorSummary,
  Field,
  type FieldProblem,
  Notice,
  Page,
  Row,
  Section,
  useLive,
  useNow,
  when,
} from '../../../ui/index.ts'
import { backupSize } from '../model/backup-size.ts'

interface BackupsProps {
  readonly session: AppSession
}

/** In Sync and safety. */
export function BackupsSection({ session }: BackupsProps) {
  const backups = useLive(session.backups)
  return backups === undefined ? null : <Summary backups={backups} />
}

interface OpenBackups {
  readonly backups: BackupsContext
}

function Summary({ backups }: OpenBackups) {
  const { t } = useTranslation('backup')
  const view = useLive(backups.view)
  if (view.folder === undefined)
    return (
      <Section title={t('section.title')}>
        <p>{t('section.none')}</p>
        <ButtonLink href="/safety/backups">{t('section.set-up')}</ButtonLink>
      </Section>
    )
  return (
    <Section title={t('section.title')}>
      <HowItStands view={view} />
      <ButtonLink href="/safety/backups">{t('section.open')}</ButtonLink>
    </Section>
  )
}

/** When the last good one was made, what went wrong since, where they are, and what that is worth. */
function HowItStands({ view }: { readonly view: BackupsView }) {
  const { t, i18n } = useTranslation('backup')
  const now = useNow()
  const { folder = '', last, problem, running, sameDisk } = view
  return (
    <>
      <p>
        {last === undefined
          ? t('state.none-yet')
          : t('state.last', { when: when(i18n, last.at, now), size: backupSize(i18n, last.bytes) })}
      </p>
      <p>{t('state.folder', { folder })}</p>
      {running ? <p className="t-quiet">{t('state.running')}</p> : null}
      {problem === undefined || running ? null : (
        <Notice
          tone="care"
          title={t('problem.title', { when: when(i18n, problem.at, now) })}
          safe={t(problem.reason === 'drive-missing' ? 'problem.safe-away' : 'problem.safe')}
        >
          {t(`problem.${problem.reason}`)}
        </Notice>
      )}
      {sameDisk ? (
        <Notice tone="care" title={t('state.same-disk')}>
          {t('state.same-disk-todo')}
        </Notice>
      ) : null}
    </>
  )
}

export function Backups({ session }: BackupsProps) {
  const { t } = useTranslation('backup')
  const backups = useLive(session.backups)
  if (backups === undefined) return null
  return (
    <Page title={t('page.title')} scope={{ kind: 'computer' }} lead={<p>{t('page.lead')}</p>}>
      <p>{t('page.sealed')}</p>
      <Content backups={backups} />
    </Page>
  )
}

function Content({ backups }: OpenBackups) {
  const { t } = useTranslation('backup')
  const { folder } = useLive(backups.view)
  const [changing, setChanging] = useState(false)
  if (folder === undefined) return <ChooseFolder backups={backups} />
  if (changing) return <ChooseFolder backups={backups} onDone={() => setChanging(false)} />
  return (
    <>
      <InThisFolder backups={backups} />
      <Row>
        <Button onPress={() => setChanging(true)}>{t('state.change')}</Button>
        <StopUsing backups={backups} />
      </Row>
    </>
  )
}

function InThisFolder({ backups }: OpenBackups) {
  const { t } = useTranslation('backup')
  const view = useLive(backups.view)
  const [done, setDone] = useState(false)
  const make = async () => {
    setDone(false)
    announce(t('state.running'))
    const made = await backups.backUpNow()
    setDone(made.ok)
    if (!made.ok) announce(t(`problem.${made.error}`))
  }
  return (
    <>
      <HowItStands view={view} />
      {done && view.problem === undefined ? <Notice tone="good" announce="soon" title={t('state.done')} /> : null}
      <p>{t('state.how-often')}</p>
      <Row>
        <Button look="primary" busy={view.running} onPress={() => void make()}>
          {t('state.now')}
        </Button>
      </Row>
    </>
  )
}

function StopUsing({ backups }: OpenBackups) {
  const { t } = useTranslation('backup')
  const [asking, setAsking] = useState(false)
  const [failed, setFailed] = useState(false)
  const stop = async () => {
    setAsking(false)
    setFailed(!(await backups.stopUsing()).ok)
  }
  return (
    <>
      <Button onPress={() => setAsking(true)}>{t('state.stop')}</Button>
      {failed ? <Notice tone="problem" announce="now" title={t('not-saved')} /> : null}
      <ConfirmDialog
        title={t('stop.title')}
        open={asking}
        confirm={t('stop.yes')}
        keep={t('stop.no')}
        onConfirm={() => void stop()}
        onKeep={() => setAsking(false)}
      >
        {t('stop.what')}
      </ConfirmDialog>
    </>
  )
}

interface ChooseFolderProps extends OpenBackups {
  /** Undefined where there is no folder yet to keep. */
  readonly onDone?: () => void
}

function ChooseFolder({ backups, onDone }: ChooseFolderProps) {
  const { t } = useTranslation('backup')
  const [folder, setFolder] = useState(() => backups.view.get().folder ?? '')
  const [canChoose, setCanChoose] = useState(false)
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [busy, setBusy] = useState(false)

  useEffect(() => {
    backups.suggest().then(
      (suggested) => {
        setFolder((typed) => (typed === '' ? suggested.folder : typed))
        setCanChoose(suggested.canChoose)
      },
      // The field stays empty, and the person types.
      (thrown: unknown) => console.warn('no folder to suggest:', describeThrown(thrown)),
    )
  }, [backups])

  const change = (typed: string) => {
    setFolder(typed)
    setProblems([])
  }
  const browse = async () => {
    const chosen = await backups.choose()
    if (chosen !== undefined) change(chosen)
  }
  const complain = (message: string) => setProblems([{ field: 'backup-folder', message }])
  const tryOut = async () => {
    setBusy(true)
    setProblems([])
    announce(t('choose.busy'))
    const used = await backups.keepIn(folder.trim())
    setBusy(false)
    if (used.ok) onDone?.()
    else complain(t(`problem.${used.error}`))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (folder.trim() === '') complain(t('choose.missing'))
    else void tryOut()
  }

  return (
    <Section title={t('choose.title')}>
      <ErrorSummary problems={problems} />
      <form className="t-stack" onSubmit={submit} noValidate>
        <Field
          id="backup-folder"
          label={t('choose.label')}
          hint={t('choose.hint')}
          value={folder}
          onChange={change}
          problem={problems[0]?.message}
          spellCheck={false}
          autoCapitalize="off"
        />
        <p>{t('choose.advice')}</p>
        <Row>
          <Button type="submit" look="primary" busy={busy}>
            {t('choose.use')}
          </Button>
          {canChoose ? <Button onPress={() => void browse()}>{t('choose.browse')}</Button> : null}
          {onDone === undefined || busy ? null : <Button onPress={onDone}>{t('choose.cancel')}</Button>}
          {busy ? <p className="t-quiet">{t('choose.busy')}</p> : null}
        </Row>
      </form>
    </Section>
  )
}
