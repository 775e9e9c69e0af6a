import { useTranslation } from 'react-i18next'
import { Redirect, Route, Switch } from 'wouter'
import type { MemberId } from '../../../../shared/base/ids.ts'
import type { GroupContext, UpdateFileLogEntry } from '../../../../shared/model/contexts.ts'
import {
  ButtonLink,
  ChooseFile,
  Page,
  personLine,
  Section,
  TextLink,
  useLive,
  useNow,
  when,
} from '../../../ui/index.ts'
import { fileSize } from '../model/file-name.ts'
import { GiveFile } from './give-file.tsx'
import { OpenFiles } from './open-files.tsx'

interface Props {
  readonly group: GroupContext
}

/** Everything under /safety/files. */
export function UpdateFiles({ group }: Props) {
  return (
    <Switch>
      <Route path="/safety/files">
        <FilesPage group={group} />
      </Route>
      <Route path="/safety/files/open">
        <OpenFiles group={group} />
      </Route>
      <Route path="/safety/files/give">
        <GiveFile key="all" group={group} to={undefined} />
      </Route>
      <Route path="/safety/files/give/:member">
        {({ member }) => <GiveFile key={member} group={group} to={member as MemberId} />}
      </Route>
      <Route>
        <Redirect to="/safety/files" replace />
      </Route>
    </Switch>
  )
}

function FilesPage({ group }: Props) {
  const { t } = useTranslation('files')
  return (
    <Page title={t('list.title')} scope={{ kind: 'computer' }} lead={<p>{t('list.lead')}</p>}>
      <Section title={t('list.open')}>
        <ChooseFile label={t('open.choose')}>{t('open.lead')}</ChooseFile>
      </Section>
      <Section title={t('list.give')}>
        <Recipients group={group} />
      </Section>
      <Section title={t('list.log')}>
        <FileLog group={group} />
      </Section>
    </Page>
  )
}

function Recipients({ group }: Props) {
  const { t, i18n } = useTranslation('files')
  const now = useNow()
  const { people } = useLive(group.sync)
  const everybody = useLive(group.circle.people)
  const others = people.filter(({ person }) => !person.isMe)
  const me = everybody.find(({ isMe }) => isMe)
  if (me === undefined) return <p>{t('list.out')}</p>
  const hasMore = me.computers.length > 1
  if (others.length === 0 && !hasMore) return <p>{t('list.alone')}</p>
  return (
    <>
      <ul className="t-list">
        {others.map((sync) => (
          <li key={sync.person.id}>
            <div>{personLine(i18n, sync, now)}</div>
            <ButtonLink href={`/safety/files/give/${sync.person.id}`}>
              {t('list.one', { name: sync.person.name })}
            </ButtonLink>
          </li>
        ))}
        {hasMore ? (
          <li>
            <ButtonLink href={`/safety/files/give/${me.id}`}>{t('list.mine')}</ButtonLink>
          </li>
        ) : null}
      </ul>
      {others.length > 1 ? (
        <>
          <p>{t('list.all-what')}</p>
          <ButtonLink href="/safety/files/give">{t('list.all')}</ButtonLink>
        </>
      ) : null}
    </>
  )
}

function FileLog({ group }: Props) {
  const { t } = useTranslation('files')
  const log = useLive(group.files.log)
  if (log.length === 0) return <p>{t('list.log-none')}</p>
  return (
    <>
      <p>{t('list.log-what')}</p>
      <ul className="t-plain-list">
        {log.map((entry, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the list only grows at its beginning
          <li key={log.length - index}>
            <LogLine entry={entry} />
          </li>
        ))}
      </ul>
    </>
  )
}

function LogLine({ entry }: { readonly entry: UpdateFileLogEntry }) {
  const { t, i18n } = useTranslation('files')
  const { kind, at, person, changes, bytes } = entry
  const moment = when(i18n, at, useNow())
  const values = {
    when: moment.charAt(0).toUpperCase() + moment.slice(1),
    name: person,
    changes: t('changes', { count: changes }),
    size: fileSize(i18n, bytes),
  }
  if (kind === 'opened') return t('list.log-opened', values)
  return person === '' ? t('list.log-made-all', values) : t('list.log-made', values)
}

/** In Sync and safety: what these files are for, and where they are made and opened. */
export function UpdateFilesSection() {
  const { t } = useTranslation('files')
  return (
    <Section title={t('section.title')}>
      <p>{t('section.what')}</p>
      <ButtonLink href="/safety/files">{t('section.more')}</ButtonLink>
    </Section>
  )
}

/** Beside somebody in the list of who has what. */
export function GiveLink({ id, name }: { readonly id: MemberId; readonly name: string }) {
  const { t } = useTranslation('files')
  return <TextLink href={`/safety/files/give/${id}`}>{t('section.give', { name })}</TextLink>
}
