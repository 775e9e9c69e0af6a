/** A world in words, for whoever has to find out why a seed fails. */
import type { World } from './world.ts'

const short = (id: string): string => id.slice(0, 4)

export function describeWorld(world: World): string {
  const names = new Map<string, string>(world.computers.map(({ name, secrets }) => [secrets.device, name]))
  const nameOf = (device: string): string => names.get(device) ?? short(device)
  const lines = world.computers.flatMap((computer) => {
    const holds = [...(computer.running?.holds.values() ?? [])]
    return holds.flatMap(({ circle, membership, replica, papers }) => {
      const state = membership.state()
      const heads = replica
        .heads()
        .map((head) => `${nameOf(head.device)}/${head.incarnation}:${head.seq}`)
        .toSorted()
      const devices = [...state.devices.values()].map(({ id, present, removal }) => {
        const limits = [...(removal?.limits ?? [])].map(([incarnation, { seq }]) => `${incarnation}:${seq}`)
        return `${nameOf(id)}${present ? '' : ` out(${limits.join()})`}`
      })
      const aside = replica.setAside().map(({ device, count }) => `${nameOf(device)} ${count}`)
      return [
        `${computer.name} ${circle === world.group ? 'group' : short(circle)}: ${membership.hashes().size} records; ${devices.join(', ')}`,
        `  heads ${heads.join(' ')}; aside ${aside.join()}; forks ${[...replica.forks().devices()].map(nameOf).join()}; ${JSON.stringify(replica.saveState())}`,
        `  epochs ${[...state.epochs].map(([epoch, { clean }]) => `${short(epoch)}${clean ? '' : ' unclean'}${membership.epochKey(epoch) === undefined ? ' no key' : ''}`).join(', ')}; skipped ${state.skipped.map(({ type, reason, author }) => `${type} ${reason} ${short(author ?? '?')}`).join(', ')}`,
        ...[...papers].map(
          ([, { doc }]) =>
            `  ${Object.keys(doc.getMap('marks').toJSON()).toSorted().join(', ')} | ${doc.getText('t').toJSON()}`,
        ),
        `  connected ${(computer.running?.carrier.connected(circle) ?? []).map(nameOf).join()}; refusals ${[...new Set(computer.running?.carrier.refusals().map(({ reason }) => reason))].join()}`,
      ]
    })
  })
  return lines.join('\n')
}
