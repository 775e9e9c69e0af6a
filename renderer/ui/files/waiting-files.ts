/** Files that were dropped, pasted, chosen or opened from outside, until the screen that opens them takes them. Kept while locked. */
import { createLive, type Live } from '../../../shared/base/live.ts'

export interface WaitingFile {
  readonly name: string
  /** Bytes; known before any are read. */
  readonly size: number
  read(): Promise<Uint8Array>
}

/** More than anybody drops at once. */
const MOST = 20
const waiting = createLive<readonly WaitingFile[]>([])

export const waitingFiles: Live<readonly WaitingFile[]> = waiting

export function addFiles(files: readonly WaitingFile[]): void {
  if (files.length > 0) waiting.set([...waiting.get(), ...files].slice(0, MOST))
}

/** The screen that takes a file which is not Teatray's own, while it is shown. */
let takeOther: ((file: WaitingFile) => void) | undefined

/** Returns the way to stop. */
export function takeOtherFiles(take: (file: WaitingFile) => void): () => void {
  takeOther = take
  return () => {
    if (takeOther === take) takeOther = undefined
  }
}

/** Of what was dropped at once, the first file that is not Teatray's own goes to the screen that takes such; see takeOtherFiles(). */
export function dropFiles(files: readonly WaitingFile[]): void {
  const other = files.find(({ name }) => !/\.teatray(?:-[a-z]+)?$/i.test(name))
  if (takeOther === undefined || other === undefined) addFiles(files)
  else takeOther(other)
}

/** All that wait; nobody else gets them. */
export function takeFiles(): readonly WaitingFile[] {
  const files = waiting.get()
  // Another empty list would be news to those who are listening, this one's caller among them.
  if (files.length > 0) waiting.set([])
  return files
}

export const waitingFrom = (files: Iterable<File>): readonly WaitingFile[] =>
  [...files].map((file) => ({
    name: file.name,
    size: file.size,
    read: async () => new Uint8Array(await file.arrayBuffer()),
  }))
