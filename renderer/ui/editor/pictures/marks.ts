/** What stands for a picture in HTML that is read: an attribute of an image, which has no address. Pure. */
export const MARK = 'data-picture'

/** Instead of a hash, as long as the picture is not in the document. No document ever gets to see it. */
export const waitingMark = (index: number): string => `waiting-${index}`

/** -1: it is no such mark. */
export const waitingIndex = (mark: unknown): number => Number(/^waiting-(\d{1,6})$/.exec(String(mark))?.[1] ?? -1)
