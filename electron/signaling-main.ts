/** `npm run signaling`: the signalling server by itself, for a machine of the group's own. */
import { parseArgs } from 'node:util'
import { listAddresses } from './services/signaling/addresses.ts'
import { CouldNotStart, DEFAULT_PORT, startSignalingServer } from './services/signaling/server.ts'

const HELP = `npm run signaling -- [--port N] [--host H]

Helps the group's computers find each other when they are not in one place. Runs until it is stopped (Ctrl+C).

  --port N   the port to listen on (${DEFAULT_PORT}); 0 takes any free one
  --host H   the address to listen on: 127.0.0.1 for this computer only (or for a proxy with a certificate in front of
             it), :: or 0.0.0.0 for everyone who can reach this machine (::)

What it sees: names of meeting places, which the computers derive from a secret and nobody can guess, and messages they have
encrypted. It can tell that computers at these internet addresses talk, and when. It never sees papers, names or keys, keeps
nothing on disk, and needs no account.`

const PROBLEMS = {
  'port-taken': 'Another program already uses this port. Choose another one with --port.',
  'port-forbidden': 'This computer does not let you use this port. Choose one above 1023 with --port.',
  'could-not-listen': 'This address cannot be listened on. Check --host.',
} as const

function readArguments(): { readonly port: number; readonly host: string } | undefined {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: String(DEFAULT_PORT) },
        host: { type: 'string', default: '::' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : -1
    return values.help || port < 0 || port > 65_535 ? undefined : { port, host: values.host }
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown)
    return undefined
  }
}

async function main(): Promise<void> {
  const wanted = readArguments()
  if (wanted === undefined) {
    console.log(HELP)
    process.exitCode = process.argv.some((argument) => argument === '--help' || argument === '-h') ? 0 : 2
    return
  }
  const everywhere = wanted.host === '::' || wanted.host === '0.0.0.0'
  try {
    const hosts = wanted.host === '::' ? ['::', '0.0.0.0'] : [wanted.host]
    const server = await startSignalingServer({ port: wanted.port, hosts })
    const host = wanted.host.includes(':') ? `[${wanted.host}]` : wanted.host
    const addresses = everywhere ? listAddresses(server.port, true) : [`ws://${host}:${server.port}`]
    console.log(`Teatray signalling is ready: ${addresses.join(' ')}`)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close())
  } catch (thrown) {
    console.error(thrown instanceof CouldNotStart ? PROBLEMS[thrown.problem] : thrown)
    process.exitCode = 1
  }
}

await main()
