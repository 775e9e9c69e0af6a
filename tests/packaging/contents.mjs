// What may be in the archive and what must be. Pure, but for reading package.json files.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const REQUIRED = ['package.json', 'out/main/main.js', 'out/preload/preload.cjs', 'out/renderer/index.html']

const FORBIDDEN = [
  [/\.(?:test|spec|contract)\.[cm]?[jt]sx?$/, 'a test'],
  [/^(?:tests|electron|renderer|shared|resources|\.ci)\//, 'a source'],
  [/\.(?:ts|tsx|mts|cts)$/, 'a source'],
  [/\.map$/, 'a source map'],
  [/\.bare$/, "another engine's library"],
  [/(?:^|\/)(?:\.env|\.git|\.npmrc)/, 'a file of the workshop'],
]

/** The name of the innermost package a path of node_modules belongs to, or ''. electron-builder moves nested ones about. */
const packageOf = (path) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? ''

/**
 * @param {readonly string[]} files paths inside the archive
 * @param {readonly string[]} needed names of the packages the host loads
 * @param {string} platform such as linux-x64
 * @returns {string[]}
 */
export function problemsOf(files, needed, platform) {
  const missing = REQUIRED.filter((name) => !files.includes(name)).map((name) => `${name} is missing`)
  const forbidden = files.flatMap((file) =>
    FORBIDDEN.filter(([pattern]) => pattern.test(file)).map(([, what]) => `${file} is ${what}`),
  )
  const foreign = files
    .filter((file) => /\/prebuilds\/([^/]+)\//.test(file) && !file.includes(`/prebuilds/${platform}/`))
    .map((file) => `${file} is for another platform`)
  const packed = new Set(files.map(packageOf).filter((name) => name !== ''))
  const absent = needed.filter((name) => !packed.has(name)).map((name) => `the package ${name} is missing`)
  const extra = [...packed].filter((name) => !needed.includes(name)).map((name) => `the package ${name} is not needed`)
  return [...missing, ...forbidden, ...foreign, ...absent, ...extra]
}

/** The folder Node would load `name` from, or undefined. */
function find(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name)
    if (existsSync(join(path, 'package.json'))) return path
    if (dirname(folder) === folder) return undefined
  }
}

/** The names of all packages that `names` depend on, themselves included. */
export function packageClosure(names, root) {
  const seen = new Set()
  const walk = (name, from) => {
    const path = find(name, from)
    if (path === undefined || seen.has(path)) return
    seen.add(path)
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) walk(next, path)
  }
  for (const name of names) walk(name, root)
  return [...new Set([...seen].map((path) => packageOf(path.replaceAll('\\', '/'))))].sort()
}
