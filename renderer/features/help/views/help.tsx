import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { threatModel } from '../../../../resources/help/index.ts'
import { Page } from '../../../ui/index.ts'
import { type Block, plain, readPage, type Row, type Words } from '../model/read-page.ts'
import './help.css'

const page = readPage(threatModel)

/** The project's own page of what is protected and what is not, in the app's own components. */
export function Help({ actions }: { readonly actions?: ReactNode }) {
  const { t } = useTranslation('help')
  return (
    <Page title={page.title} lead={<p>{t('lead')}</p>} actions={actions}>
      <div className="t-help">
        <Blocks blocks={page.blocks} />
      </div>
    </Page>
  )
}

const Blocks = ({ blocks }: { readonly blocks: readonly Block[] }) =>
  // oxlint-disable-next-line react/no-array-index-key -- the page does not change while it is shown
  blocks.map((block, index) => <OneBlock key={index} block={block} />)

function OneBlock({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'heading':
      return block.depth <= 2 ? (
        <h2>
          <Inline words={block.words} />
        </h2>
      ) : (
        <h3>
          <Inline words={block.words} />
        </h3>
      )
    case 'paragraph':
      return (
        <p>
          <Inline words={block.words} />
        </p>
      )
    case 'code':
      return <pre>{block.text}</pre>
    case 'list': {
      const items = block.items.map((item, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- as above
        <li key={index}>
          <Blocks blocks={item} />
        </li>
      ))
      return block.ordered ? <ol className="t-plain-list">{items}</ol> : <ul className="t-plain-list">{items}</ul>
    }
    case 'table':
      return block.rows.map((row) => <RowAsCard key={row.map(plain).join(' ')} head={block.head} row={row} />)
  }
}

/** Long sentences in narrow columns are hard to read, and at large zoom impossible: each row is a card of its own. */
function RowAsCard({ head, row }: { readonly head: Row; readonly row: Row }) {
  const [first, ...rest] = row
  return (
    <section className="t-card t-help-row">
      <h3>
        <Inline words={first ?? []} />
      </h3>
      <dl>
        {rest.map((cell, index) => {
          const term = head[index + 1] ?? []
          return plain(cell).trim() === '' ? null : (
            <div key={plain(term)}>
              <dt>
                <Inline words={term} />
              </dt>
              <dd>
                <Inline words={cell} />
              </dd>
            </div>
          )
        })}
      </dl>
    </section>
  )
}

const Inline = ({ words }: { readonly words: readonly Words[] }) =>
  words.map((one, index) => {
    const key = `${index} ${one.kind}`
    switch (one.kind) {
      case 'text':
        return one.text
      case 'code':
        return <code key={key}>{one.text}</code>
      case 'strong':
        return (
          <strong key={key}>
            <Inline words={one.words} />
          </strong>
        )
      case 'emphasis':
        return (
          <em key={key}>
            <Inline words={one.words} />
          </em>
        )
    }
    return null
  })
