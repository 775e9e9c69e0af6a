import { createMemoryNetwork } from '../../shared/sync/memory-transport.ts'
import { describeTransport } from './transport.contract.ts'

describeTransport(
  'memory',
  () => {
    const network = createMemoryNetwork()
    const [left, right] = [network.transport('left'), network.transport('right')]
    const close = (): Promise<void> => {
      left.close()
      right.close()
      return Promise.resolve()
    }
    return Promise.resolve({ left, right, close })
  },
  { linkWithin: 5000, quiet: 100 },
)
