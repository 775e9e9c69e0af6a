import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { CircleId } from '../../../../shared/base/ids.ts'
import { Button, type Passage, useWantedPassage } from '../../../ui/index.ts'
import type { AppPage } from '../model/results.ts'
import type { Searched } from '../model/sources.ts'
import { FindDialog } from './find-dialog.tsx'
import './find.css'
import { useFinder } from './use-finder.ts'

export interface FindProps extends Searched {
  /** The app's own pages. */
  readonly pages: readonly AppPage[]
  /** Shows another group of this computer, at this address. */
  readonly onElsewhere?: ((group: CircleId, path: string) => void) | undefined
}

const isShortcut = (event: KeyboardEvent): boolean =>
  (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k'

/** In the frame: the button, and its keys from anywhere. What was looked through is forgotten with the frame, when Teatray is locked. */
export function FindEverywhere({ pages, features, group, vault, others, onElsewhere }: FindProps) {
  const { t } = useTranslation('find')
  const [location] = useLocation()
  const [isOpen, setOpen] = useState(false)
  const [chosen, setChosen] = useState<Passage>()
  const wanted = useWantedPassage()
  const finder = useFinder({ features, group, vault, others }, isOpen, location)

  // Once the dialog has given the focus back, which can scroll.
  useEffect(() => {
    if (!isOpen && chosen !== undefined) wanted.set(chosen)
  }, [chosen, isOpen, wanted])

  const close = (passage?: Passage): void => {
    setChosen(passage)
    setOpen(false)
  }

  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      // The editor has the same keys for a link, where words are chosen.
      if (!isShortcut(event) || event.defaultPrevented) return
      event.preventDefault()
      if (document.querySelector('dialog[open]') === null) setOpen(true)
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [])

  return (
    <div className="t-find">
      <Button onPress={() => setOpen(true)}>
        {t('open')} <kbd>{navigator.userAgent.includes('Mac OS') ? t('shortcut-mac') : t('shortcut')}</kbd>
      </Button>
      {isOpen ? (
        <FindDialog
          finder={finder}
          pages={pages}
          searched={{ features, group, vault, others }}
          onElsewhere={onElsewhere}
          onClose={close}
        />
      ) : null}
    </div>
  )
}
