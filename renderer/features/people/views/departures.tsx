import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CircleContext, Departure, ManageProblem } from '../../../../shared/model/contexts.ts'
import { announce, Button, ConfirmDialog, Notice, Section, useLive } from '../../../ui/index.ts'
import { computersSetAside, departureLine } from '../model/departures.ts'
import { useCircle } from './place.ts'

/** Who, and which computers, are in it no more, and what came from there afterwards. Nothing where nobody went. */
export function Departures({ circle }: { readonly circle: CircleContext }) {
  const { t, i18n } = useTranslation('people')
  const { name: circleName, isMember } = useCircle(circle)
  const departures = useLive(circle.departures)
  const [asking, setAsking] = useState<Departure>()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<ManageProblem>()
  if (departures.length === 0) return null

  const takeIn = async (departure: Departure) => {
    setBusy(true)
    setRefusal(undefined)
    let problem: ManageProblem | undefined
    for (const computer of computersSetAside(departure)) {
      const result = await circle.manage.takeIn(computer)
      if (!result.ok) problem = result.error
    }
    setBusy(false)
    setAsking(undefined)
    if (problem === undefined) announce(t('departures.taken'))
    else setRefusal(problem)
  }
  return (
    <Section title={t('departures.title')}>
      {refusal === undefined ? null : <Notice tone="problem" announce="now" title={t(`refused.${refusal}`)} />}
      <ul className="t-list">
        {departures.map((departure) => (
          <li key={`${departure.person.id} ${departure.computer?.id ?? ''}`}>
            <div>
              {departureLine(i18n, departure)}
              {departure.setAside === 0 ? null : (
                <>
                  <br />
                  <span className="t-quiet">{t('departures.aside', { count: departure.setAside })}</span>
                </>
              )}
            </div>
            {departure.setAside > 0 && isMember && computersSetAside(departure).length > 0 ? (
              <Button
                label={t('departures.take-in-of', { name: departure.person.name })}
                onPress={() => setAsking(departure)}
              >
                {t('departures.take-in')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        open={asking !== undefined}
        title={t('departures.ask', { name: asking?.person.name ?? '' })}
        confirm={t('departures.go')}
        keep={t('departures.keep')}
        busy={busy}
        onKeep={() => setAsking(undefined)}
        onConfirm={() => {
          if (asking !== undefined) void takeIn(asking)
        }}
      >
        <p>{t('departures.ask-why', { name: asking?.person.name ?? '' })}</p>
        <p>{t('departures.ask-what', { name: asking?.person.name ?? '', circle: circleName })}</p>
      </ConfirmDialog>
    </Section>
  )
}
