import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeThrown, type Result } from '../../../../shared/base/errors.ts'
import type { GroupContext, OpenedUpdateFile, UpdateFileProblem } from '../../../../shared/model/contexts.ts'
import { Button, Notice, Page, Section, useNow, when } from '../../../ui/index.ts'
import { takeFiles, type WaitingFile, waitingFiles } from '../model/waiting-files.ts'
import { ChooseFile } from './choose-file.tsx'
import { HandOver, NotMade, useMaking } from './give-file.tsx'

/** Larger ones are refused without being read. */
const MOST_BYTES = 64 * 1024 * 1024

type Problem = UpdateFileProblem | 'storage-failed' | 'unreadable'

interface Outcome {
  readonly file: string
  readonly turn: number
  /** Undefined: not opened yet. */
  readonly result: Result<OpenedUpdateFile, Problem> | undefined
}

async function openOne(group: GroupContext, file: WaitingFile): Promise<Result<OpenedUpdateFile, Problem>> {
  if (file.size > MOST_BYTES) return { ok: false, error: 'too-large' }
  try {
    return await group.files.open(await file.read())
  } catch (thrown) {
    console.warn('update file:', describeThrown(thrown))
    return { ok: false, error: 'unreadable' }
  }
}

let turns = 0

/** Takes the files that wait, one after the other, and says what became of each. */
function useOpened(group: GroupContext): readonly Outcome[] {
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([])
  useEffect(() => {
    const openAll = async (files: readonly WaitingFile[]): Promise<void> => {
      const inTurn = files.map((file) => ({ file, turn: (turns += 1) }))
      // What was opened before is over.
      setOutcomes(inTurn.map(({ file, turn }) => ({ file: file.name, turn, result: undefined })))
      for (const { file, turn } of inTurn) {
        const result = await openOne(group, file)
        setOutcomes((before) => before.map((one) => (one.turn === turn ? { ...one, result } : one)))
      }
    }
    const take = (): void => {
      const files = takeFiles()
      if (files.length > 0) void openAll(files)
    }
    queueMicrotask(take)
    return waitingFiles.subscribe(take)
  }, [group])
  return outcomes
}

export function OpenFiles({ group }: { readonly group: GroupContext }) {
  const { t } = useTranslation('files')
  const outcomes = useOpened(group)
  const turn = outcomes[0]?.turn ?? 0
  return (
    <Page title={t('open.title')} scope={{ kind: 'computer' }} step={String(turn)} over={turn > 0}>
      {outcomes.map((outcome) => (
        <Section key={outcome.turn} title={t('open.file', { file: outcome.file })}>
          {outcome.result === undefined ? <output>{t('open.working')}</output> : <Told result={outcome.result} />}
        </Section>
      ))}
      {outcomes.length === 0 ? (
        <ChooseFile />
      ) : (
        <Section title={t('open.another')}>
          <ChooseFile />
        </Section>
      )}
    </Page>
  )
}

function Told({ result }: { readonly result: NonNullable<Outcome['result']> }) {
  const { t } = useTranslation('files')
  if (result.ok) return result.value.isRemoved ? <Removed opened={result.value} /> : <Opened opened={result.value} />
  const { error } = result
  // A store that stopped in the middle has kept what came before: that is no harm, but not nothing.
  const safe = error === 'storage-failed' ? undefined : t('open.safe')
  return (
    <Notice tone="care" announce="now" title={t(`open.problem.${error}`)} safe={safe}>
      {t(`open.todo.${error}`)}
    </Notice>
  )
}

interface OpenedProps {
  readonly opened: OpenedUpdateFile
}

function Removed({ opened }: OpenedProps) {
  const { t } = useTranslation('files')
  const { name } = opened.from
  return (
    <Notice tone="care" announce="soon" title={t('open.removed', { name })} safe={t('open.removed-safe')}>
      {opened.setAside > 0 ? t('open.removed-aside', { count: opened.setAside, name }) : undefined}
    </Notice>
  )
}

function Opened({ opened }: OpenedProps) {
  const { t, i18n } = useTranslation('files')
  const now = useNow()
  const { name } = opened.from
  return (
    <div className="t-stack">
      <Notice tone="good" announce="soon" title={t('open.from', { name, when: when(i18n, opened.madeAt, now) })}>
        <Came opened={opened} />
      </Notice>
      <Missing opened={opened} />
      <Reply opened={opened} />
    </div>
  )
}

const cameIn = ({ circles }: OpenedUpdateFile) =>
  circles.flatMap((circle) => circle.changes.map((change) => ({ ...change, circle: circle.name })))

function Came({ opened }: OpenedProps) {
  const { t } = useTranslation('files')
  const came = cameIn(opened)
  const fresh = opened.circles.filter(({ isNew }) => isNew)
  const isAllHere = opened.weLack === 0 && opened.waiting === 0 && opened.refused === 0 && opened.unopened === 0
  const lines = [
    ...fresh.map(({ name: circle }) => t('open.new-circle', { circle })),
    ...came.map(({ name, isMe, count, circle }) =>
      t(isMe ? 'open.came-mine' : 'open.came', { name, circle, changes: t('changes', { count }) }),
    ),
  ]
  if (lines.length === 0) return <p>{t(isAllHere ? 'open.nothing' : 'open.nothing-still')}</p>
  return (
    <ul className="t-plain-list">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}

/** Something that a reply helps with. */
const lacksMore = ({ weLack, waiting, whole }: OpenedUpdateFile): boolean => weLack > 0 || waiting > 0 || !whole

function Missing({ opened }: OpenedProps) {
  const { t } = useTranslation('files')
  const { weLack, waiting, refused, unopened, whole, from } = opened
  const { name } = from
  const lines = [
    ...(weLack > 0 ? [t('open.lack-we', { count: weLack, name })] : []),
    ...(waiting > 0 ? [t('open.lack-waiting', { count: waiting })] : []),
    ...(whole ? [] : [t('open.partly', { name })]),
    ...(refused > 0 ? [t('open.refused', { count: refused })] : []),
    ...(unopened > 0 ? [t('open.unopened', { count: unopened })] : []),
  ]
  if (lines.length === 0) return <p>{t('open.lack-none', { name })}</p>
  return (
    <Notice tone="care" title={t('open.lack')}>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {lacksMore(opened) ? <p>{t('open.lack-todo', { name })}</p> : null}
    </Notice>
  )
}

function Reply({ opened }: OpenedProps) {
  const { t } = useTranslation('files')
  const { made, busy, make } = useMaking(() => opened.reply())
  const { theyLack, from } = opened
  const isMore = lacksMore(opened)
  const { name } = from
  if (made?.ok === true) return <HandOver file={made.value} kind={from.isMe ? '-mine' : ''} />
  return (
    <>
      {made === undefined ? null : <NotMade problem={made.error} />}
      {theyLack > 0 ? <p>{t('open.lack-they', { count: theyLack, name })}</p> : null}
      {theyLack === 0 && !isMore ? <p>{t('open.lack-they-none', { name })}</p> : null}
      <p>{t('open.reply-what', { name })}</p>
      <Button look={theyLack > 0 || isMore ? 'primary' : 'secondary'} busy={busy} onPress={make}>
        {t('open.reply', { name })}
      </Button>
    </>
  )
}
