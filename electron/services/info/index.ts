import type { HostInfo, HostPorts } from '../../../shared/host/ports.ts'

export function createInfoService(info: HostInfo): HostPorts['info'] {
  return { get: () => Promise.resolve(info) }
}
