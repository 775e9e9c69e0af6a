/** Folding: which of a log's last entries one entry should stand for, and what it says. */
import type { LogItem } from './logs.ts'

/** Own single entries at the end of a log that make a fold worth while. */
export const FOLD_AFTER = 64
/** Entries (and folds) that one fold replaces; merging is quadratic in their number. */
export const MAX_RUN = 256
/** Bytes; what is larger is left as it is. */
export const MAX_FOLD = 1024 * 1024

const weight = ({ seq, from }: LogItem): number => seq - from + 1

/**
 * The last entries of one document, going back over older folds only while these are not much larger than what follows
 * them: each edit is written again about log2(n) times, not n times. Undefined: fewer than two.
 */
export function chooseRun(
  items: readonly LogItem[],
  isTooLarge: (item: LogItem) => boolean = () => false,
): readonly LogItem[] | undefined {
  const document = items.at(-1)?.document
  const run: LogItem[] = []
  let total = 0
  for (let at = items.length - 1; at >= 0 && run.length < MAX_RUN; at--) {
    const item = items[at]
    if (item === undefined || item.document !== document || isTooLarge(item)) break
    if (run.length > 0 && weight(item) > 2 * total) break
    run.push(item)
    total += weight(item)
  }
  return run.length < 2 ? undefined : run.reverse()
}

/** How many single entries of one document end the log. */
export function trailingSingles(items: readonly LogItem[]): number {
  const document = items.at(-1)?.document
  let count = 0
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at]
    if (item === undefined || item.document !== document || item.from !== item.seq) break
    count += 1
  }
  return count
}
