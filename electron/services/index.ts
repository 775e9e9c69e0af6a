/** Composes the services that both hosts run. Plain Node: nothing here knows which host it is in. */
import { systemClock } from '../../shared/base/clock.ts'
import { createEmitter } from '../../shared/base/emitter.ts'
import type { HostEvent, HostInfo, HostPorts, LanEvent, LanPort, SignalingPort } from '../../shared/host/ports.ts'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { createBackupsService } from './backups/index.ts'
import { createFilesService } from './files/index.ts'
import { createKeychainService } from './keychain/index.ts'
import type { SystemKeychain } from './keychain/system-keychain.ts'
import { createInfoService } from './info/index.ts'
import { createLanService } from './lan/index.ts'
import { createProfileService } from './profile/wipe.ts'
import { createSignalingService } from './signaling/index.ts'
import { createStorageService } from './storage/index.ts'
import type { StorageOptions } from './storage/index.ts'

export interface ServicesOptions {
  /** Exists, and belongs to this installation alone. */
  readonly profileDirectory: string
  readonly appVersion: string
  readonly kind: HostInfo['kind']
  readonly log: (line: string) => void
  readonly storage?: Partial<StorageOptions>
  /** The system's own window for choosing a folder. Undefined: there is none here. */
  readonly chooseFolder?: () => Promise<string | undefined>
  /** The system's own store of secrets. Undefined: there is none here. */
  readonly systemKeychain?: SystemKeychain
}

/** Takes over a WebSocket upgrade that the host has already checked (host name, origin, cookie). */
export interface Relay {
  readonly path: '/relay'
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/** The parts that listen on the network; a parameter, so that tests compose without sockets. */
export interface NetworkServices {
  readonly lan: {
    readonly port: LanPort
    onEvent(handler: (event: LanEvent) => void): () => void
    close(): Promise<void>
  }
  readonly signaling: {
    readonly port: SignalingPort
    readonly relay: Relay
    /** `url` is ws://127.0.0.1:PORT of the server that hands upgrades to `relay`. */
    setRelayBase(url: string): void
    close(): Promise<void>
  }
}

export interface Services {
  readonly ports: HostPorts
  readonly relay: Relay
  setRelayBase(url: string): void
  onEvent(handler: (event: HostEvent) => void): () => void
  /** An update file that the system asked to be opened, by its path. */
  openFile(path: string): Promise<void>
  /** Sends an event that comes from the host itself. */
  emit(event: HostEvent): void
  close(): Promise<void>
}

const realNetwork = ({ profileDirectory, log }: ServicesOptions): NetworkServices => ({
  lan: createLanService({ log }),
  signaling: createSignalingService({ profileDirectory, log }),
})

export async function createServices(
  options: ServicesOptions,
  network: NetworkServices = realNetwork(options),
): Promise<Services> {
  const { profileDirectory, appVersion, kind, log, chooseFolder, systemKeychain } = options
  const { lan, signaling } = network
  const storage = createStorageService(profileDirectory, log, options.storage)
  const backups = createBackupsService({ profileDirectory, clock: systemClock, log, chooseFolder })
  const files = createFilesService({ log })
  const events = createEmitter<HostEvent>()
  const emit = (event: HostEvent): void => events.emit(event)
  const stops = [lan.onEvent(emit), storage.onEvent(emit), files.onEvent(emit)]
  // A first look, so that a disk that is already full is known before anything is written.
  await storage.port.space()
  return {
    ports: {
      info: createInfoService({ kind, appVersion, platform: process.platform, profileDirectory }),
      lan: lan.port,
      signaling: signaling.port,
      storage: storage.port,
      profile: createProfileService(profileDirectory, signaling.port, log),
      backups: backups.port,
      files: files.port,
      keychain: createKeychainService({ profileDirectory, system: systemKeychain, log }),
    },
    relay: signaling.relay,
    setRelayBase: (url) => signaling.setRelayBase(url),
    onEvent: (handler) => events.on(handler),
    openFile: (path) => files.offer(path),
    emit,
    async close() {
      for (const stop of stops) stop()
      storage.close()
      await Promise.all([lan.close(), signaling.close(), backups.close()])
    },
  }
}
