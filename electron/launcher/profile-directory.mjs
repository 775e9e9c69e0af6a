// Plain JavaScript, because `npm start` needs it before anything has been built.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * Where an installation lives when nobody says otherwise.
 * @param {NodeJS.Platform} platform
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @param {string} home
 * @returns {string}
 */
export function defaultProfileDirectory(platform = process.platform, environment = process.env, home = homedir()) {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Teatray')
  if (platform === 'win32') return join(environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Teatray')
  const data = environment.XDG_DATA_HOME
  return join(data !== undefined && data.startsWith('/') ? data : join(home, '.local', 'share'), 'teatray')
}

/**
 * The options of both hosts and of `npm start`. An unknown one is an error, so that a mistyped --profile does not open
 * somebody's usual installation.
 * @param {readonly string[]} args
 * @returns {{ ok: true, profile: string, noWindow: boolean } | { ok: false, problem: string }}
 */
export function readArguments(args) {
  let profile = defaultProfileDirectory()
  let noWindow = false
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? ''
    if (arg === '--no-window') noWindow = true
    else if (arg === '--profile' || arg.startsWith('--profile=')) {
      const value = arg === '--profile' ? args[++index] : arg.slice('--profile='.length)
      if (value === undefined || value === '') return { ok: false, problem: '--profile needs a folder' }
      profile = resolve(value)
    } else return { ok: false, problem: `unknown option ${arg}` }
  }
  return { ok: true, profile, noWindow }
}
