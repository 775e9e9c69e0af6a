/** What was read of a file, as the content of a paper to be. Needs a browser's parser, so it runs in the window. */
import { describeThrown, fail, ok, type Result } from '../../../../../shared/base/errors.ts'
import { fromHtml } from '../../../../ui/editor/from-html.ts'
import { makeAllSmaller } from '../../../../ui/editor/pictures/bring-in.ts'
import { hashOf, MOST_IN_ALL } from '../../../../ui/editor/pictures/kept.ts'
import { tidyTitle } from '../commands.ts'
import type { ImportProblem, LeftOut, ReadText } from './problems.ts'

export interface BroughtIn {
  /** Suggested: what the text calls itself, or else the file's name. */
  readonly title: string
  /** ProseMirror's JSON; undefined where there is nothing but a title. */
  readonly content: object | undefined
  /** Those that the content shows, made ready, by their hashes. */
  readonly pictures: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
  readonly undescribed: number
  readonly words: number
  /** So that the person sees which file it is. */
  readonly beginning: string
  readonly leftOut: LeftOut & { readonly links: number }
}

const SHOWN = 160

const nameOf = (file: string): string => tidyTitle(file.replace(/\.[a-z]{1,8}$/i, '').replaceAll('_', ' '))

interface Ready {
  readonly kept: Map<string, Uint8Array<ArrayBuffer>>
  /** By index; undefined for one that could not be read, or for which there is no room. */
  readonly hashes: readonly (string | undefined)[]
}

async function makeReady(given: ReadText['pictures']): Promise<Ready> {
  const kept: Ready['kept'] = new Map()
  const hashes: (string | undefined)[] = []
  let room = MOST_IN_ALL
  for (const picture of await makeAllSmaller(given)) {
    const hash = picture === undefined ? undefined : await hashOf(picture.bytes)
    const size = picture?.bytes.length ?? 0
    const isKept = hash !== undefined && (kept.has(hash) || size <= room)
    if (isKept && picture !== undefined && !kept.has(hash)) {
      kept.set(hash, picture.bytes)
      room -= size
    }
    hashes.push(isKept ? hash : undefined)
  }
  return { kept, hashes }
}

export async function bringIn(
  { html, title, pictures, leftOut }: ReadText,
  file: string,
): Promise<Result<BroughtIn, ImportProblem>> {
  try {
    const { kept, hashes } = await makeReady(pictures)
    const found = fromHtml({ html, title, pictures: hashes })
    const { words, beginning } = found
    const named = tidyTitle(found.title ?? '')
    return ok({
      title: named === '' ? nameOf(file) : named,
      content: found.content,
      pictures: kept,
      undescribed: found.undescribed,
      words,
      beginning: beginning.length > SHOWN ? `${beginning.slice(0, SHOWN).replace(/\s\S*$/, '')} …` : beginning,
      leftOut: { ...leftOut, pictures: leftOut.pictures + found.picturesLeftOut, links: found.links },
    })
  } catch (thrown) {
    return fail('damaged', describeThrown(thrown))
  }
}
