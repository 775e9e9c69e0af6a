import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppSession, GroupContext } from '../../../../shared/model/contexts.ts'
import { createLive } from '../../../../shared/base/live.ts'
import { Button, ButtonLink, Page, Row, Section, useLive, useNow } from '../../../ui/index.ts'
import { fileSize } from '../model/file-name.ts'
import {
  allSent,
  byDay,
  dayName,
  earlierLine,
  earlierOf,
  lastSentLine,
  recipientLine,
  sentLine,
  sentLineOn,
  timeLine,
  type SentDay,
} from '../model/sent.ts'
import './sent.css'

interface Props {
  readonly session: AppSession
  /** Undefined before there is a group on this computer. */
  readonly group?: GroupContext | undefined
}

const NONE = createLive<readonly never[]>([])
const NO_LOG = createLive({ lines: [] })
const SHOWN_AT_FIRST = 4
const DAYS_AT_FIRST = 7
const DAYS_MORE = 30

function useSent({ session, group }: Props) {
  const logs = [useLive(group?.sent ?? NO_LOG), useLive(session.sent)]
  const files = useLive(group?.files.log ?? NONE)
  const scope: 'group' | 'computer' = useLive(session.groups).length > 1 ? 'group' : 'computer'
  return { items: allSent(logs, files), earlier: earlierOf(logs), scope }
}

/** In Sync and safety: the latest, and the way to all of it. */
export function SentSection(props: Props) {
  const { t, i18n } = useTranslation('safety')
  const now = useNow()
  const { items, scope } = useSent(props)
  return (
    <Section title={t('sent.title')}>
      <p>{lastSentLine(i18n, items[0], scope, now)}</p>
      <ul className="t-plain-list">
        {items.slice(0, SHOWN_AT_FIRST).map((item, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the list only grows at its beginning
          <li key={items.length - index}>{sentLineOn(i18n, item, now)}</li>
        ))}
      </ul>
      <p>{t('sent.calls')}</p>
      <p>{t('sent.notes')}</p>
      <ButtonLink href="/safety/sent">{t('sent.all')}</ButtonLink>
    </Section>
  )
}

/** All that is kept, by day; as sentences, or as a table. */
export function SentPage(props: Props) {
  const { t, i18n } = useTranslation('safety')
  const now = useNow()
  const { items, earlier, scope } = useSent(props)
  const [shown, setShown] = useState(DAYS_AT_FIRST)
  const [isTable, setIsTable] = useState(false)
  const days = byDay(items)
  return (
    <Page title={t('sent.title')} scope={{ kind: 'computer' }} lead={<p>{t('sent.lead')}</p>}>
      <p>{lastSentLine(i18n, items[0], scope, now)}</p>
      {items.length === 0 ? null : (
        <Row>
          <Button onPress={() => setIsTable(!isTable)}>{t(isTable ? 'sent.as-lines' : 'sent.as-table')}</Button>
        </Row>
      )}
      {days.slice(0, shown).map((day) => (
        <Section key={day.day} title={dayName(i18n, day.day, now)}>
          {isTable ? <DayTable day={day} now={now} /> : <DayLines day={day} />}
        </Section>
      ))}
      {days.length > shown ? (
        <Row>
          <Button onPress={() => setShown(shown + DAYS_MORE)}>{t('sent.more')}</Button>
        </Row>
      ) : earlier === undefined ? null : (
        <p>{earlierLine(i18n, earlier)}</p>
      )}
      <Section title={t('sent.counted')}>
        <p>{t('sent.counted-what')}</p>
        <p>{t('sent.counted-not')}</p>
        <p>{t('sent.counted-internet')}</p>
        <p>{t('sent.taken-out')}</p>
        <p>{t('sent.files')}</p>
        <p>{t('sent.notes')}</p>
        <p>{t('sent.counted-where')}</p>
      </Section>
    </Page>
  )
}

function DayLines({ day: { items } }: { readonly day: SentDay }) {
  const { i18n } = useTranslation('safety')
  return (
    <ul className="t-plain-list">
      {items.map((item, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the list only grows at its beginning
        <li key={items.length - index}>{sentLine(i18n, item)}</li>
      ))}
    </ul>
  )
}

function DayTable({ day: { day, items }, now }: { readonly day: SentDay; readonly now: number }) {
  const { t, i18n } = useTranslation('safety')
  const caption = t('sent.table', { day: dayName(i18n, day, now) })
  return (
    // Wider than a narrow window: then this alone scrolls, by keyboard too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="t-sent-table" aria-label={caption} tabIndex={0}>
      <table>
        <caption className="t-visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {(['time', 'to', 'way', 'changes', 'size'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`sent.columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- the list only grows at its beginning
            <tr key={items.length - index}>
              <td>{timeLine(i18n, item)}</td>
              <td>{recipientLine(i18n, item.recipient)}</td>
              <td>{t(`sent.way.${item.way}`)}</td>
              <td>{item.changes}</td>
              <td>{fileSize(i18n, item.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
