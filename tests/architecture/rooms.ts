/** The table of rooms in ARCHITECTURE.md, and what breaks it. */
import type { Import, SourceFile } from './import-graph.ts'

export interface Room {
  /** A folder or a file. A last part '*' makes every folder there a room of its own. */
  readonly pattern: string
  readonly allowed: readonly Allowed[]
}

interface Allowed {
  readonly pattern: string
  readonly typeOnly: boolean
}

const HEADING = /^\|\s*Room\s*\|\s*May import\s*\|/
const spans = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text)

/** `shared/{base,crypto}` -> shared/base, shared/crypto */
export function expandBraces(text: string): readonly string[] {
  const match = /^(.*)\{([^}]*)\}(.*)$/.exec(text)
  if (match === null) return [text]
  const [, before = '', inside = '', after = ''] = match
  return inside.split(',').map((part) => `${before}${part.trim()}${after}`)
}

/** Rows of the one table headed "| Room | May import |"; what stands in backquotes counts, the rest explains. */
export function readRooms(markdown: string): readonly Room[] {
  const lines = markdown.split('\n')
  const start = lines.findIndex((line) => HEADING.test(line))
  if (start < 0) throw new Error('No table headed "| Room | May import |"')
  const rows = lines.slice(start + 2)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  return rows.slice(0, end < 0 ? rows.length : end).flatMap((row) => {
    const [, room = '', allowed = ''] = row.split('|')
    const permissions = spans(allowed)
      .flatMap(expandBraces)
      .map((text): Allowed => {
        const typeOnly = text.startsWith('type:')
        return { pattern: typeOnly ? text.slice('type:'.length) : text, typeOnly }
      })
    const patterns = spans(room).flatMap(expandBraces)
    if (patterns.length === 0) throw new Error(`A row without a room: ${row}`)
    return patterns.map((pattern): Room => ({ pattern, allowed: permissions }))
  })
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

/** The folder or file of the tree that is this path's room: its own for '*', else the pattern. */
function roomNameOf(path: string, { pattern }: Room): string | undefined {
  if (!pattern.endsWith('/*')) return isWithin(path, pattern) ? pattern : undefined
  const parent = pattern.slice(0, -2)
  if (!path.startsWith(`${parent}/`)) return undefined
  const [name, ...below] = path.slice(parent.length + 1).split('/')
  return below.length > 0 ? `${parent}/${name}` : undefined
}

const TEST_FILE = /\.test\.tsx?$/

interface Found {
  readonly room: Room
  readonly name: string
}

/** The room with the longest name wins. Unit tests stand beside the code but belong to `tests`. */
export function roomOf(path: string, rooms: readonly Room[]): Found | undefined {
  const sought = TEST_FILE.test(path) ? 'tests' : path
  return rooms
    .flatMap((room): readonly Found[] => {
      const name = roomNameOf(sought, room)
      return name === undefined ? [] : [{ room, name }]
    })
    .toSorted((a, b) => b.name.length - a.name.length)[0]
}

const matches = (pattern: string, target: string): boolean => {
  if (pattern === '*') return true
  return pattern.endsWith('*') ? target.startsWith(pattern.slice(0, -1)) : pattern === target
}

export interface Breach {
  readonly file: string
  readonly problem: string
}

function checkImport(file: SourceFile, one: Import, { room, name }: Found, rooms: readonly Room[]): string | undefined {
  const target = one.inTree ? roomOf(one.target, rooms) : undefined
  if (one.inTree && target === undefined) return `imports ${one.target}, which is in no room`
  if (target?.name === name) return undefined
  const sought = target?.name ?? one.target
  const permitted = room.allowed.filter(({ pattern }) => matches(pattern, sought))
  if (permitted.length === 0) return `${name} may not import ${sought}`
  return one.typeOnly || permitted.some(({ typeOnly }) => !typeOnly)
    ? undefined
    : `${name} may import only types of ${sought}`
}

export function breaches(files: readonly SourceFile[], rooms: readonly Room[]): readonly Breach[] {
  return files.flatMap((file): readonly Breach[] => {
    const found = roomOf(file.path, rooms)
    if (found === undefined) return [{ file: file.path, problem: 'is in no room of the table' }]
    return file.imports.flatMap((one) => {
      const problem = checkImport(file, one, found, rooms)
      return problem === undefined ? [] : [{ file: file.path, problem }]
    })
  })
}

/** Rooms of the table with nothing in them. */
export const emptyRooms = (files: readonly SourceFile[], rooms: readonly Room[]): readonly string[] => {
  // A page of words has no imports of its own, but may be imported.
  const paths = files.flatMap(({ path, imports }) => [
    path,
    ...imports.flatMap(({ target, inTree }) => (inTree && target.endsWith('.md') ? [target] : [])),
  ])
  const used = new Set(paths.map((path) => roomOf(path, rooms)?.room.pattern))
  return rooms.map(({ pattern }) => pattern).filter((pattern) => !used.has(pattern))
}
