// npm start [-- --profile DIR] [--no-window]. On a fresh clone it does all its own set-up.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chooseHost, electronProgram, fetchElectron, madeIn, runElectron } from './choose-host.mjs'
import { ensureBuilt, ensureInstalled, root } from './prepare.mjs'
import { readArguments } from './profile-directory.mjs'

const args = readArguments(process.argv.slice(2))
if (!args.ok) {
  console.error(`${args.problem}. Teatray knows --profile DIR and --no-window.`)
  process.exit(2)
}

ensureInstalled()
ensureBuilt()

const hasElectron = () => {
  if (electronProgram(root) === undefined) fetchElectron(root)
  return electronProgram(root) !== undefined
}
const { host, why } = chooseHost({ noWindow: args.noWindow, madeIn: madeIn(args.profile), hasElectron })
console.error(why)

if (host === 'none') process.exit(1)
if (host === 'electron') process.exit(await runElectron(electronProgram(root), root, args.profile))
// In this same process, so that nothing is left running when it is killed.
await import(pathToFileURL(join(root, 'out', 'main', 'node-main.js')).href)
