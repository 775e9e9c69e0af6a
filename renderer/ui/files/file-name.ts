/** Names of files that people are given: recognised by a person, kept by every file system, and silent about the group. */
import type { i18n } from 'i18next'

export const EXTENSION = '.teatray'
const LONGEST = 60

/** What no file system may be asked to keep in a name: Windows takes the least. */
// oxlint-disable-next-line no-control-regex -- control characters are among them
const UNFIT = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"/\\|?*]/g

/** Somebody's name, as part of a file's. */
export const fitForFileName = (name: string): string =>
  name.replaceAll(UNFIT, ' ').replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST).trim()

/** '22 November'. */
export const dayInFileName = ({ language }: Pick<i18n, 'language'>, at: number): string =>
  new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long' }).format(at)
