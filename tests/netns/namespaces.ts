/**
 * Network namespaces joined by a bridge stand for computers on one LAN without a way to the internet (ip-netns(8)). Needs root
 * on Linux and iproute2. The bridge lives in a namespace of its own, so nothing of the real computer's network is touched.
 */
import { type ChildProcess, type SpawnOptions, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'

export interface Machine {
  /** The namespace's name, for `ip netns exec`. */
  readonly namespace: string
  readonly address: string
  /** Runs a program there; the caller ends it. */
  spawn(command: string, args: readonly string[], options?: SpawnOptions): ChildProcess
  /** Pulls the cable out or puts it back: the carrier goes, as with a real one. */
  setCable(plugged: boolean): void
}

export interface Lan {
  readonly machines: readonly Machine[]
  /** Ends what still runs in the namespaces and removes them. Happens by itself when the process ends. */
  close(): void
}

const ip = (...args: readonly string[]): string =>
  execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })

const inside = (namespace: string, ...args: readonly string[]): string => ip('-n', namespace, ...args)

function tryNamespace(): string {
  const name = `tt-${randomBytes(3).toString('hex')}-try`
  try {
    ip('netns', 'add', name)
    ip('netns', 'del', name)
    return ''
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message.split('\n').join(' ') : String(thrown)
  }
}

let reason: string | undefined

/**
 * A sentence on why there can be none here, or '' where they can be made. With TEATRAY_REQUIRE_NETNS=1 their absence is a
 * failure: this throws.
 */
export function whyNoNamespaces(): string {
  reason ??= tryNamespace()
  if (reason === '') return ''
  const sentence = `network namespaces cannot be made here (root on Linux with iproute2 is needed): ${reason}`
  if (process.env['TEATRAY_REQUIRE_NETNS'] === '1') throw new Error(sentence)
  return sentence
}

function addMachine(hub: string, id: string, index: number, ipv4: boolean): Machine {
  const namespace = `tt-${id}-${index}`
  const port = `port${index}`
  const address = `10.77.0.${index + 1}`
  ip('netns', 'add', namespace)
  inside(hub, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace)
  inside(hub, 'link', 'set', port, 'master', 'br0', 'up')
  inside(namespace, 'link', 'set', 'lo', 'up')
  if (ipv4) inside(namespace, 'addr', 'add', `${address}/24`, 'dev', 'eth0')
  inside(namespace, 'link', 'set', 'eth0', 'up')
  return {
    namespace,
    address,
    spawn: (command, args, options = {}) => spawn('ip', ['netns', 'exec', namespace, command, ...args], options),
    setCable: (plugged) => void inside(hub, 'link', 'set', port, plugged ? 'up' : 'down'),
  }
}

/** A process left in a namespace would keep it alive unseen; nothing but what was started here can be in one. */
function remove(name: string): void {
  try {
    for (const pid of ip('netns', 'pids', name).split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL')
    ip('netns', 'del', name)
  } catch (thrown) {
    process.stderr.write(`namespace ${name} could not be removed: ${String(thrown)}\n`)
  }
}

/** `count` machines on one bridge, 10.77.0.1 upwards and IPv6 link-local, with no default route. */
export function createLan(count: number, { ipv4 = true }: { readonly ipv4?: boolean } = {}): Lan {
  const id = randomBytes(3).toString('hex')
  const hub = `tt-${id}-hub`
  const names = [hub]
  const close = (): void => {
    process.off('exit', close)
    for (const name of names.splice(0)) remove(name)
  }
  process.once('exit', close)
  try {
    ip('netns', 'add', hub)
    // Without snooping the bridge floods multicast, as an ordinary switch in a living room does.
    inside(hub, 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0')
    inside(hub, 'link', 'set', 'br0', 'up')
    const machines = Array.from({ length: count }, (_, index) => {
      names.push(`tt-${id}-${index}`)
      return addMachine(hub, id, index, ipv4)
    })
    return { machines, close }
  } catch (thrown) {
    close()
    throw thrown
  }
}
