/** What was read of a file, as the content of a paper to be. Needs a browser's parser, so it runs in the window. */
import { describeThrown, fail, ok, type Result } from '../../../../../shared/base/errors.ts'
import { fromHtml } from '../../../../ui/editor/from-html.ts'
import { tidyTitle } from '../commands.ts'
import type { ImportProblem, LeftOut, ReadText } from './problems.ts'

export interface BroughtIn {
  /** Suggested: what the text calls itself, or else the file's name. */
  readonly title: string
  /** ProseMirror's JSON; undefined where there is nothing but a title. */
  readonly content: object | undefined
  readonly words: number
  /** So that the person sees which file it is. */
  readonly beginning: string
  readonly leftOut: LeftOut & { readonly links: number }
}

const SHOWN = 160

const nameOf = (file: string): string => tidyTitle(file.replace(/\.[a-z]{1,8}$/i, '').replaceAll('_', ' '))

export function bringIn({ html, title, leftOut }: ReadText, file: string): Result<BroughtIn, ImportProblem> {
  try {
    const found = fromHtml(html, title)
    const { words, beginning } = found
    const named = tidyTitle(found.title ?? '')
    return ok({
      title: named === '' ? nameOf(file) : named,
      content: found.content,
      words,
      beginning: beginning.length > SHOWN ? `${beginning.slice(0, SHOWN).replace(/\s\S*$/, '')} …` : beginning,
      leftOut: { ...leftOut, links: found.links },
    })
  } catch (thrown) {
    return fail('damaged', describeThrown(thrown))
  }
}
