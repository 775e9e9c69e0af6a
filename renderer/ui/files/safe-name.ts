/** Names of files and folders that every system keeps as they are. What people call things can be anything. */

/** Control characters, and those that turn the direction of what follows or are not seen at all; lone halves of a character, too. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu
/** Windows takes the least. */
const UNFIT = /[<>:"/\\|?*]/g
/** Devices of Windows, whatever comes after the first dot. */
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i

/** In bytes of UTF-8: 255 is what most file systems take, and a number and an ending come after it. */
const MOST_BYTES = 150
const utf8Length = (text: string): number => new TextEncoder().encode(text).length

/** By whole characters, as people see them. */
function cut(name: string, longest: number): string {
  let kept = ''
  let count = 0
  for (const { segment } of new Intl.Segmenter().segment(name)) {
    count += 1
    if (count > longest || utf8Length(kept + segment) > MOST_BYTES) break
    kept += segment
  }
  return kept
}

const trimmed = (name: string): string => name.replaceAll(/^[\s.]+|[\s.]+$/g, '')

/** Without an ending. `instead`: where nothing is left. */
export function safeName(
  name: string,
  { longest, instead }: { readonly longest: number; readonly instead: string },
): string {
  const fit = name
    .normalize('NFC')
    .replaceAll(/\s/g, ' ')
    .replaceAll(UNSEEN, '')
    .replaceAll(UNFIT, ' ')
    .replaceAll(/\s+/g, ' ')
  const short = trimmed(cut(trimmed(fit), longest))
  if (short === '') return instead
  return RESERVED.test(short) ? `_${short}` : short
}

/** Each name once in a folder, as for systems that do not tell large letters from small ones. */
export function createNamer(taken: readonly string[] = []): (name: string) => string {
  const keyOf = (name: string): string => name.normalize('NFKC').toLowerCase()
  const used = new Set(taken.map(keyOf))
  return (name) => {
    for (let count = 1; ; count++) {
      const tried = count === 1 ? name : `${name} (${count})`
      if (used.has(keyOf(tried))) continue
      used.add(keyOf(tried))
      return tried
    }
  }
}
