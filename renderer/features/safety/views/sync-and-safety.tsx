import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppSession, GroupContext, PersonSync } from '../../../../shared/model/contexts.ts'
import {
  Button,
  ButtonLink,
  Choice,
  type ColourChoice,
  Notice,
  Page,
  personLine,
  Row,
  saveLine,
  Section,
  Toggle,
  useColourChoice,
  useEasyLook,
  useLive,
  useNow,
} from '../../../ui/index.ts'
import { refusalLine } from '../model/refusal.ts'
import { computerLine, seenLine } from '../model/who-has-what.ts'
import { BackupsSection } from './backups.tsx'
import { InternetSection, LanSection } from './carrying.tsx'
import { MeetingPlaceSection } from './meeting-place.tsx'
import { OnePressSection } from './one-press.tsx'
import { ExportSection } from './export-everything.tsx'
import { GiveLink, UpdateFilesSection } from './update-files.tsx'
import { SentSection } from './sent.tsx'
import { TakingOff } from './taking-off.tsx'

export interface SyncAndSafetyProps {
  readonly session: AppSession
  /** Undefined before there is a group on this computer. */
  readonly group?: GroupContext
}

export function SyncAndSafety({ session, group }: SyncAndSafetyProps) {
  const { t } = useTranslation('safety')
  return (
    <Page title={t('title')} scope={{ kind: 'computer' }} lead={<p>{t('lead')}</p>}>
      {group === undefined ? null : <WhoHasWhat group={group} />}
      {group === undefined ? null : <UpdateFilesSection />}
      <SentSection session={session} group={group} />
      <SavedHere group={group} />
      <BackupsSection session={session} />
      <ExportSection />
      <LanSection session={session} status={group?.sync} />
      <InternetSection session={session} status={group?.sync} />
      <MeetingPlaceSection session={session} />
      <Locking session={session} />
      <OnePressSection session={session} />
      <CannotGetIn session={session} />
      <Colours />
      {group === undefined ? null : <TurnedAway group={group} />}
      <TakingOff group={group} />
      <Promises />
    </Page>
  )
}

function WhoHasWhat({ group }: { readonly group: GroupContext }) {
  const { t, i18n } = useTranslation('safety')
  const now = useNow()
  const { people, seenElsewhere } = useLive(group.sync)
  const others = people.filter(({ person }) => !person.isMe)
  const mine = people.find(({ person }) => person.isMe)
  // Who is out of the group gives nothing in its name.
  const { state } = useLive(group.circle.standing)
  const isIn = state === 'member' || state === 'closed'
  return (
    <Section title={t('who.title')}>
      {others.length === 0 ? <p>{t('who.alone')}</p> : null}
      <ul className="t-list">
        {others.map((sync) => (
          <li key={sync.person.id}>
            <div>
              {personLine(i18n, sync, now)}
              {sync.computers.length > 1 ? (
                <Computers sync={sync} title={t('who.computers', { name: sync.person.name })} />
              ) : null}
            </div>
            {isIn ? <GiveLink id={sync.person.id} name={sync.person.name} /> : null}
          </li>
        ))}
        {mine === undefined ? null : (
          <li>
            <div>
              <Computers sync={mine} title={t('who.mine')} />
            </div>
          </li>
        )}
      </ul>
      {seenElsewhere.length === 0 ? null : (
        <ul className="t-plain-list">
          {seenElsewhere.map((seen) => (
            <li key={`${seen.by.id} ${seen.of.id}`}>{seenLine(i18n, seen)}</li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Computers({ sync, title }: { readonly sync: PersonSync; readonly title: string }) {
  const { i18n } = useTranslation('safety')
  const now = useNow()
  return (
    <>
      <p>{title}</p>
      <ul className="t-plain-list">
        {sync.computers.map((one) => (
          <li key={one.computer.id}>{computerLine(i18n, sync.person, one, now)}</li>
        ))}
      </ul>
    </>
  )
}

function SavedHere({ group }: { readonly group: GroupContext | undefined }) {
  const { t } = useTranslation('safety')
  return (
    <Section title={t('saved-here.title')}>
      {group === undefined ? null : <SaveLine group={group} />}
      <p>{t('saved-here.where')}</p>
      <p>{t('saved-here.disk')}</p>
    </Section>
  )
}

function SaveLine({ group }: { readonly group: GroupContext }) {
  const { i18n } = useTranslation('safety')
  return <p>{saveLine(i18n, useLive(group.sync).save)}</p>
}

const MINUTES = [0, 5, 15, 30, 60] as const

function Locking({ session }: { readonly session: AppSession }) {
  const { t } = useTranslation('safety')
  const { lockAfterMinutes } = useLive(session.settings)
  const [failed, setFailed] = useState(false)
  const change = async (chosen: number) => {
    const result = await session.changeSettings({ lockAfterMinutes: chosen })
    setFailed(!result.ok)
  }
  const minutes = [...new Set([...MINUTES, lockAfterMinutes])].sort((a, b) => a - b)
  return (
    <Section title={t('lock.title')}>
      <p>{t('lock.what')}</p>
      {failed ? <Notice tone="problem" announce="now" title={t('not-saved')} /> : null}
      <Choice
        id="lock-after"
        label={t('lock.after')}
        value={String(lockAfterMinutes)}
        onChange={(chosen) => void change(Number(chosen))}
        options={minutes.map((count) => ({
          value: String(count),
          label: count === 0 ? t('lock.never') : t('lock.minutes', { count }),
        }))}
      />
      <Button onPress={() => void session.lock()}>{t('lock.now')}</Button>
    </Section>
  )
}

function CannotGetIn({ session }: { readonly session: AppSession }) {
  const { t } = useTranslation('safety')
  const count = useLive(session.recovery.sheets).length
  return (
    <Section title={t('recovery.title')}>
      <p>{count === 0 ? t('recovery.none') : t('recovery.some', { count })}</p>
      <Row>
        <ButtonLink href="/safety/recovery">{t('recovery.sheets')}</ButtonLink>
        <ButtonLink href="/safety/broken">{t('recovery.broken')}</ButtonLink>
        <ButtonLink href="/safety/stolen">{t('recovery.stolen')}</ButtonLink>
      </Row>
    </Section>
  )
}

const COLOURS: readonly ColourChoice[] = ['auto', 'light', 'dark']

function Colours() {
  const { t } = useTranslation('safety')
  const { choice, choose } = useColourChoice()
  const easy = useEasyLook()
  return (
    <Section title={t('colours.title')}>
      <Choice
        id="colours"
        label={t('colours.label')}
        value={choice}
        onChange={(chosen) => choose(COLOURS.find((one) => one === chosen) ?? 'auto')}
        options={COLOURS.map((value) => ({ value, label: t(`colours.${value}`) }))}
      />
      <Toggle
        id="easy-look"
        label={t('colours.easy')}
        hint={t('colours.easy-hint')}
        checked={easy.on}
        onChange={easy.choose}
      />
    </Section>
  )
}

function TurnedAway({ group }: { readonly group: GroupContext }) {
  const { t, i18n } = useTranslation('safety')
  const now = useNow()
  const { refusals } = useLive(group.sync)
  return (
    <Section title={t('refused.title')}>
      <p>{refusals.length === 0 ? t('refused.none') : t('refused.what')}</p>
      <ul className="t-plain-list">
        {refusals.map((refusal, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the list only grows at its end
          <li key={index}>{refusalLine(i18n, refusal, now)}</li>
        ))}
      </ul>
    </Section>
  )
}

const PROMISED = ['yes-read', 'yes-wrote', 'yes-delete', 'yes-notes'] as const
const NOT_PROMISED = ['no-back', 'no-hide', 'no-forgotten', 'no-stolen', 'no-checked'] as const

function Promises() {
  const { t } = useTranslation('safety')
  return (
    <Section title={t('promises.title')}>
      <p>{t('promises.yes')}</p>
      <ul className="t-plain-list">
        {PROMISED.map((name) => (
          <li key={name}>{t(`promises.${name}`)}</li>
        ))}
      </ul>
      <p>{t('promises.no')}</p>
      <ul className="t-plain-list">
        {NOT_PROMISED.map((name) => (
          <li key={name}>{t(`promises.${name}`)}</li>
        ))}
      </ul>
      <ButtonLink href="/help">{t('promises.more')}</ButtonLink>
    </Section>
  )
}
