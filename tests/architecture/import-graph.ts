/** What every source file imports, by a real parser; types count, and so do workers and dynamic imports. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, extname, join, normalize, relative, sep } from 'node:path'
import { parseSync } from 'vite'

const SOURCE = /\.(?:[cm]?[jt]sx?)$/
const SKIPPED = new Set(['node_modules', 'out', 'dist', 'coverage', 'test-results'])

/** Target of an import() whose path is computed: the table must allow it by this name. */
export const COMPUTED = '(computed)'

export interface Import {
  /** Path from the root for files of the tree, else the package's name ('node:fs', '@tiptap/pm'). */
  readonly target: string
  readonly inTree: boolean
  /** `import type`: gone at run time. */
  readonly typeOnly: boolean
}

export interface SourceFile {
  /** From the root, with '/'. */
  readonly path: string
  readonly imports: readonly Import[]
  /** Every name that is used: identifiers and names of properties, also those written as text. */
  readonly names: ReadonlySet<string>
}

interface Node {
  readonly type: string
  readonly [field: string]: unknown
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

function* walk(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* walk(item)
  else if (isNode(value)) {
    yield value
    for (const field of Object.values(value)) if (typeof field === 'object') yield* walk(field)
  }
}

const textOf = (value: unknown): string | undefined => {
  if (!isNode(value)) return undefined
  if (typeof value['value'] === 'string') return value['value']
  if (value.type === 'TSLiteralType') return textOf(value['literal'])
  return undefined
}

/** The specifier of an import in any of its forms. One that cannot be read fails the test rather than slip past it. */
function specifierOf(node: Node, path: string): { specifier: string; typeOnly: boolean } | undefined {
  const found = (value: unknown, typeOnly: boolean) => {
    const specifier = textOf(value)
    if (specifier === undefined) throw new Error(`${path}: an import whose target is computed (${node.type})`)
    return { specifier, typeOnly }
  }
  switch (node.type) {
    case 'ImportDeclaration':
      return found(node['source'], node['importKind'] === 'type')
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return isNode(node['source']) ? found(node['source'], node['exportKind'] === 'type') : undefined
    case 'ImportExpression':
      return { specifier: textOf(node['source']) ?? COMPUTED, typeOnly: false }
    case 'TSImportType':
      return found(node['source'] ?? node['argument'], true)
    case 'TSExternalModuleReference':
      return found(node['expression'], false)
    case 'CallExpression':
      return isNode(node['callee']) && node['callee']['name'] === 'require'
        ? found((node['arguments'] as unknown[])[0], false)
        : undefined
    case 'NewExpression': {
      // new URL('./worker.ts', import.meta.url)
      const [address, base] = node['arguments'] as unknown[]
      const isUrl = isNode(node['callee']) && node['callee']['name'] === 'URL'
      const ofModule = [...walk(base)].some((part) => part.type === 'MetaProperty')
      const text = textOf(address)
      return isUrl && ofModule && text !== undefined && SOURCE.test(text)
        ? { specifier: text, typeOnly: false }
        : undefined
    }
    default:
      return undefined
  }
}

const packageOf = (specifier: string): string => {
  if (specifier.startsWith('node:')) return specifier
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

const NAMES_AS_TEXT = new Set(['MemberExpression', 'Property', 'PropertyDefinition'])

export function parseSource(path: string, code: string): SourceFile {
  const { errors, program } = parseSync(path, code)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const imports: Import[] = []
  const names = new Set<string>()
  for (const node of walk(program)) {
    if (node.type === 'Identifier' || node.type === 'JSXIdentifier') names.add(String(node['name']))
    if (NAMES_AS_TEXT.has(node.type)) {
      const text = textOf(node['property']) ?? textOf(node['key'])
      if (text !== undefined) names.add(text)
    }
    const found = specifierOf(node, path)
    if (found === undefined) continue
    // What follows '?' is for Vite (?worker, ?raw), which resolves the file before it.
    const [specifier = ''] = found.specifier.split('?')
    const inTree = specifier.startsWith('.')
    const target = inTree ? normalize(join(dirname(path), specifier)).replaceAll(sep, '/') : packageOf(specifier)
    imports.push({ target, inTree, typeOnly: found.typeOnly })
  }
  return { path, imports, names }
}

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name) || entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesBelow(path)
    else if (SOURCE.test(extname(entry.name))) yield path
  }
}

/** Every source file below these folders of `root`. */
export function readSources(root: string, folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    [...filesBelow(join(root, folder))].map((path) =>
      parseSource(relative(root, path).replaceAll(sep, '/'), readFileSync(path, 'utf8')),
    ),
  )
}
