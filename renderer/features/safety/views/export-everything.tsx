import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeThrown } from '../../../../shared/base/errors.ts'
import type { AppSession, GroupContext, VaultContext } from '../../../../shared/model/contexts.ts'
import type { Feature } from '../../../../shared/model/feature.ts'
import { announce, Button, ButtonLink, Notice, Page, Row, saveFile, Section, Tick, useLive } from '../../../ui/index.ts'
import { makeExport, type MadeExport } from '../model/export/make-export.ts'
import { fileSize } from '../model/file-name.ts'

/** A part of Sync and safety. */
export function ExportSection() {
  const { t } = useTranslation('export')
  return (
    <Section title={t('section.title')}>
      <p>{t('section.what')}</p>
      <Row>
        <ButtonLink href="/safety/export">{t('section.open')}</ButtonLink>
      </Row>
    </Section>
  )
}

interface ExportProps {
  readonly session: Pick<AppSession, 'openGroups' | 'groups' | 'noteExport'>
  readonly vault: VaultContext
  readonly features: readonly Feature<unknown>[]
}

/** Says what is in it and who could read it; then makes it and hands it over. */
export function ExportEverything({ session, vault, features }: ExportProps) {
  const { t, i18n } = useTranslation('export')
  useLive(session.groups)
  const groups = session.openGroups()
  const [withNotes, setWithNotes] = useState(false)
  const [made, setMade] = useState<MadeExport>()
  const [busy, setBusy] = useState(false)
  const [notMade, setNotMade] = useState(false)

  const handOver = ({ name, bytes }: MadeExport): void => {
    saveFile(name, bytes)
    session.noteExport(bytes.length)
  }
  const make = async () => {
    setBusy(true)
    setNotMade(false)
    announce(t('page.busy'))
    try {
      const asked = { groups, vault: withNotes ? vault : undefined, features, i18n, now: Date.now() }
      const result = await makeExport(asked)
      handOver(result)
      setMade(result)
    } catch (thrown) {
      console.warn(`export: ${describeThrown(thrown)}`)
      setNotMade(true)
    }
    setBusy(false)
  }

  if (made !== undefined) return <Made made={made} withNotes={withNotes} onAgain={() => handOver(made)} />
  return (
    <Page title={t('page.title')} lead={<p>{t('page.lead')}</p>}>
      {notMade ? (
        <Notice tone="problem" announce="now" title={t('not-made.title')} safe={t('not-made.safe')}>
          {t('not-made.todo')}
        </Notice>
      ) : null}
      <Section title={t('page.in-it')}>
        <Plan groups={groups} />
        <p>{t('page.kinds')}</p>
        <p>{t('page.not-in-it')}</p>
      </Section>
      <Section title={t('page.who')}>
        <ul className="t-plain-list">
          <li>{t('page.who-anybody')}</li>
          <li>{t('page.who-others')}</li>
        </ul>
        <Tick
          id="with-notes"
          label={t('page.notes')}
          hint={t('page.notes-hint')}
          checked={withNotes}
          onChange={setWithNotes}
        />
      </Section>
      <Row>
        <Button look="primary" busy={busy} onPress={() => void make()}>
          {t('page.go')}
        </Button>
        {busy ? <p className="t-quiet">{t('page.busy')}</p> : <ButtonLink href="/safety">{t('page.back')}</ButtonLink>}
      </Row>
    </Page>
  )
}

function Plan({ groups }: { readonly groups: readonly GroupContext[] }) {
  const { t } = useTranslation('export')
  if (groups.length === 0) return <p>{t('page.no-group')}</p>
  return (
    <ul className="t-plain-list">
      {groups.map((group) => (
        <GroupPlan key={group.circle.id} group={group} />
      ))}
    </ul>
  )
}

function GroupPlan({ group }: { readonly group: GroupContext }) {
  const { t } = useTranslation('export')
  const name = useLive(group.circle.name)
  const circles = useLive(group.circles)
  return (
    <>
      <li>{t('page.group', { group: name })}</li>
      {circles.map((circle) => (
        <li key={circle.id}>{t('page.circle', { circle: circle.name.get(), group: name })}</li>
      ))}
    </>
  )
}

/** It has been handed over once, and is again when asked. */
interface MadeProps {
  readonly made: MadeExport
  readonly withNotes: boolean
  readonly onAgain: () => void
}

function Made({ made, withNotes, onAgain }: MadeProps) {
  const { t, i18n } = useTranslation('export')
  const { name, bytes, texts, unread } = made
  return (
    <Page title={t('page.title')} step="made" over>
      <Notice
        tone="good"
        announce="soon"
        title={t('done.title')}
        safe={t('done.where', { name, size: fileSize(i18n, bytes.length) })}
      >
        <p>
          {t('done.texts', { count: texts })} {withNotes ? t('done.with-notes') : t('done.no-notes')}
        </p>
        <p>{t('done.open')}</p>
      </Notice>
      {unread.length === 0 ? null : (
        <Notice tone="care" title={t('done.unread', { count: unread.length, titles: unread.join('; ') })} />
      )}
      <Notice tone="care" title={t('done.not-locked')} />
      <Row>
        <Button onPress={onAgain}>{t('done.again')}</Button>
        <ButtonLink href="/safety">{t('page.back')}</ButtonLink>
      </Row>
    </Page>
  )
}
