import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { describeThrown, type Result } from '../../../../shared/base/errors.ts'
import { kindOfFile } from '../../../../shared/base/file-kinds.ts'
import type { InvitationId } from '../../../../shared/base/ids.ts'
import type { GroupContext, OpenedUpdateFile, UpdateFileProblem } from '../../../../shared/model/contexts.ts'
import type { RequestProblem } from '../../../../shared/model/joining-by-files.ts'
import {
  addFiles,
  Button,
  ButtonLink,
  ChooseFile,
  Notice,
  Page,
  Section,
  takeFiles,
  TextLink,
  useLive,
  useNow,
  type WaitingFile,
  waitingFiles,
  when,
} from '../../../ui/index.ts'
import { HandOver, NotMade, useMaking } from './give-file.tsx'

/** Larger ones are refused without being read. */
const MOST_BYTES = 64 * 1024 * 1024

type Problem = UpdateFileProblem | 'storage-failed' | 'unreadable'

/** What a file turned out to be, by its first words, and what became of it. */
type Found =
  | { readonly kind: 'update'; readonly result: Result<OpenedUpdateFile, Problem> }
  | { readonly kind: 'request'; readonly result: Result<InvitationId, RequestProblem> }
  | { readonly kind: 'invitation'; readonly file: WaitingFile }

interface Outcome {
  readonly file: string
  readonly turn: number
  /** Undefined: not opened yet. */
  readonly found: Found | undefined
}

const refused = (error: Problem): Found => ({ kind: 'update', result: { ok: false, error } })

async function openOne({ files, byFiles }: GroupContext, file: WaitingFile): Promise<Found> {
  if (file.size > MOST_BYTES) return refused('too-large')
  try {
    const bytes = await file.read()
    const kind = kindOfFile(bytes)
    if (kind === 'invitation') return { kind, file }
    if (kind === 'request') return { kind, result: await byFiles.openRequest(bytes) }
    return { kind: 'update', result: await files.open(bytes) }
  } catch (thrown) {
    console.warn('a file:', describeThrown(thrown))
    return refused('unreadable')
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
      setOutcomes(inTurn.map(({ file, turn }) => ({ file: file.name, turn, found: undefined })))
      for (const { file, turn } of inTurn) {
        const found = await openOne(group, file)
        setOutcomes((before) => before.map((one) => (one.turn === turn ? { ...one, found } : one)))
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
  const choose = <ChooseFile label={t('open.choose')}>{t('open.lead')}</ChooseFile>
  return (
    <Page title={t('open.title')} scope={{ kind: 'computer' }} step={String(turn)} over={turn > 0}>
      {outcomes.map((outcome) => (
        <Section key={outcome.turn} title={t('open.file', { file: outcome.file })}>
          {outcome.found === undefined ? (
            <output>{t('open.working')}</output>
          ) : (
            <Told group={group} found={outcome.found} />
          )}
        </Section>
      ))}
      {outcomes.length === 0 ? choose : <Section title={t('open.another')}>{choose}</Section>}
    </Page>
  )
}

function Told({ group, found }: { readonly group: GroupContext; readonly found: Found }) {
  switch (found.kind) {
    case 'update':
      return <ToldUpdate result={found.result} />
    case 'request':
      return <ToldRequest group={group} result={found.result} />
    case 'invitation':
      return <ToldInvitation file={found.file} />
  }
}

function ToldUpdate({ result }: { readonly result: Result<OpenedUpdateFile, Problem> }) {
  const { t } = useTranslation(['files', 'by-files'])
  if (result.ok) return result.value.isRemoved ? <Removed opened={result.value} /> : <Opened opened={result.value} />
  const { error } = result
  // A store that stopped in the middle has kept what came before: that is no harm, but not nothing.
  const safe = error === 'storage-failed' ? undefined : t('open.safe')
  return (
    <Notice tone="care" announce="now" title={t(`open.problem.${error}`)} safe={safe}>
      <p>{t(`open.todo.${error}`)}</p>
      {error === 'other-group' ? <TextLink href="/join/files">{t('by-files:other-group-join')}</TextLink> : null}
    </Notice>
  )
}

/** What no other copy of the file would mend. */
const ASKS_FOR_ANOTHER: ReadonlySet<RequestProblem> = new Set([
  'no-such-invitation',
  'proof-does-not-hold',
  'code-used',
  'code-expired',
  'code-cancelled',
  'words-differ',
])

interface ToldRequestProps {
  readonly group: GroupContext
  readonly result: Result<InvitationId, RequestProblem>
}

function ToldRequest({ group, result }: ToldRequestProps) {
  const { t } = useTranslation(['by-files', 'files'])
  const invitations = useLive(group.byFiles.invitations)
  if (!result.ok)
    return (
      <Notice
        tone="care"
        announce="now"
        title={t(`request.problem.${result.error}`)}
        safe={t('files:open.safe')}
        actions={
          ASKS_FOR_ANOTHER.has(result.error) ? (
            <ButtonLink href="/people/invite">{t('invite.new')}</ButtonLink>
          ) : undefined
        }
      >
        {t(`request.todo.${result.error}`)}
      </Notice>
    )
  const state = invitations.find(({ id }) => id === result.value)?.state
  const name = state !== undefined && 'name' in state ? state.name : ''
  return (
    <Notice
      tone="good"
      announce="soon"
      title={t('request.good', { name })}
      actions={
        <ButtonLink look="primary" href={`/people/invite/files/${result.value}`}>
          {t('request.go')}
        </ButtonLink>
      }
    >
      {state?.step === 'let-in' ? t('request.good-in', { name }) : t('request.good-what')}
    </Notice>
  )
}

function ToldInvitation({ file }: { readonly file: WaitingFile }) {
  const { t } = useTranslation('by-files')
  const [, navigate] = useLocation()
  const isGoing = useRef(false)
  const go = () => {
    isGoing.current = true
    navigate('/join/files')
  }
  useEffect(
    () => () => {
      // Once this screen, which takes every file that waits, has been left for the other.
      if (isGoing.current) queueMicrotask(() => addFiles([file]))
    },
    [file],
  )
  return (
    <Notice announce="soon" title={t('invitation.here')} actions={<Button onPress={go}>{t('invitation.go')}</Button>}>
      {t('invitation.here-what')}
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
