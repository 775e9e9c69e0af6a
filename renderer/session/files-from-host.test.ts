import { expect, test, vi } from 'vitest'
import { createEmitter } from '../../shared/base/emitter.ts'
import type { FileToOpen, HostEvent } from '../../shared/host/ports.ts'
import type { FileFromOutside } from '../../shared/model/contexts.ts'
import { filesFromHost } from './files-from-host.ts'

test('files are handed over once each, those that waited and those that come, and read part by part', async () => {
  const events = createEmitter<HostEvent>()
  const content = Uint8Array.from({ length: 10 }, (_, at) => at)
  const waiting: FileToOpen[] = [{ id: '1', name: 'one.teatray', size: 10 }]
  const done: string[] = []
  const files = {
    waiting: () => Promise.resolve([...waiting]),
    read: ({ offset }: { offset: number }) => Promise.resolve({ bytes: content.slice(offset, offset + 4) }),
    done: ({ id }: { id: string }) => Promise.resolve(void done.push(id)),
  }
  const got: FileFromOutside[] = []
  const host = { ports: { files }, onEvent: (listener: (event: HostEvent) => void) => events.on(listener) }
  const log: string[] = []
  const stop = filesFromHost(host, (line) => log.push(line))((more) => got.push(...more))
  await vi.waitFor(() => expect(got).toHaveLength(1))
  waiting.push({ id: '2', name: 'two.teatray', size: 4 })
  events.emit({ type: 'files-waiting' })
  await vi.waitFor(() => expect(got.map(({ name }) => name)).toEqual(['one.teatray', 'two.teatray']))
  expect(await got[0]?.read()).toEqual(content)
  expect(done).toEqual(['1'])
  stop()
  events.emit({ type: 'files-waiting' })
  expect(got).toHaveLength(2)
  expect(log).toEqual([])
})
