import { useState } from 'react'
import { Button, Row, WordsToCompare } from '../../../ui/index.ts'

export interface CompareWordsProps {
  readonly words: readonly string[]
  readonly label: string
  readonly ask: string
  readonly differentMeans: string
  readonly same: string
  readonly different: string
  readonly onAnswer: (same: boolean) => Promise<void>
}

export function CompareWords(props: CompareWordsProps) {
  const [busy, setBusy] = useState(false)
  const answer = (same: boolean) => () => {
    setBusy(true)
    // The next state comes by itself; should it not, the buttons work again.
    void props.onAnswer(same).finally(() => setBusy(false))
  }
  return (
    <>
      <WordsToCompare words={props.words} label={props.label} />
      <div className="t-stack">
        <p>
          <strong>{props.ask}</strong>
        </p>
        <p className="t-quiet">{props.differentMeans}</p>
        <Row>
          <Button look="primary" busy={busy} onPress={answer(true)}>
            {props.same}
          </Button>
          <Button busy={busy} onPress={answer(false)}>
            {props.different}
          </Button>
        </Row>
      </div>
    </>
  )
}
