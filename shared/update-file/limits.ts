/** Every limit of an update file (PROTOCOL.md, "Update files"). */
import { MAX_RECORDS, MAX_URGENT_RECORDS } from '../membership/quota.ts'

/** Bytes of a whole file: it is held in memory when it is made and when it is opened. */
export const MAX_UPDATE_FILE = 64 * 1024 * 1024
/** Bytes of what a file says; with padding and boxes it stays below MAX_UPDATE_FILE. What is over goes into the next one. */
export const MAX_CONTENT = 56 * 1024 * 1024
/** Computers that one file can be opened on. */
export const MAX_SLOTS = 512
/** So that a file for one person does not show how many computers they have. */
export const MIN_SLOTS = 4
/** The group and its circles. */
export const MAX_SECTIONS = 65
/** As many as one log ever holds. */
export const MAX_RECORDS_IN_SECTION = MAX_RECORDS + MAX_URGENT_RECORDS
export const MAX_HEADS_IN_SECTION = 4096
export const MAX_ENTRIES_IN_SECTION = 1_000_000
