/**
 * Every method and event that may cross the HostLink, with the shape of what it carries. A method that is not in this
 * table does not exist; both sides check against it, because neither the page nor the network behind the host is trusted.
 */
import * as v from 'valibot'
import type { BackupFile, BackupFolder, HostEvent, HostInfo, Remembered, SignalingServerStatus } from './ports.ts'

/** Bytes of one whole message on the HostLink. */
export const MAX_HOST_MESSAGE = 16 * 1024 * 1024
/** Bytes; equals MAX_FRAME of shared/sync/link.ts, which this room may not import. */
const MAX_LAN_FRAME = 64 * 1024
/** Of rooms, and of wrappers. */
const KEY_LENGTH = 32

const none = v.undefined()
const nothing = v.void()
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(128))
const text = v.pipe(v.string(), v.maxLength(4096))
const count = v.pipe(v.number(), v.finite(), v.minValue(0))
const port = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))
const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array, 'not bytes')
const frame = v.pipe(
  bytes,
  v.check((value) => value.length >= 1 && value.length <= MAX_LAN_FRAME, 'not the size of a frame'),
)
const key = v.pipe(
  bytes,
  v.check((value) => value.length === KEY_LENGTH, 'not the size of a key'),
)

/** Of a wrapper in the window's keyring. */
const wrapperId = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/, 'not the name of a wrapper'))
/** As many as a keyring holds. */
const MOST_WRAPPERS = 16

const hostInfo: v.GenericSchema<HostInfo> = v.strictObject({
  kind: v.picklist(['electron', 'browser']),
  appVersion: text,
  platform: text,
  profileDirectory: text,
})

const serverStatus: v.GenericSchema<SignalingServerStatus> = v.strictObject({
  enabled: v.boolean(),
  port,
  lan: v.boolean(),
  addresses: v.pipe(v.array(text), v.maxLength(64)),
  problem: text,
})

/** Bytes of an update file in one message. */
export const MAX_FILE_PART = 1024 * 1024
/** That wait to be opened at once. */
export const MAX_FILES_TO_OPEN = 20

/** Bytes of a backup in one message, written or read. */
export const MAX_BACKUP_PART = 1024 * 1024
const MOST_BACKUPS = 10_000

const folder = v.pipe(v.string(), v.minLength(1), v.maxLength(4096))
const fileName = v.pipe(v.string(), v.minLength(1), v.maxLength(255))
const series = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/))
const backupPart = v.pipe(
  bytes,
  v.check((value) => value.length <= MAX_BACKUP_PART, 'not the size of a part'),
)
const backupFolder: v.GenericSchema<BackupFolder> = v.strictObject({ folder, freeBytes: count, sameDisk: v.boolean() })
const backupFile: v.GenericSchema<BackupFile> = v.strictObject({
  name: fileName,
  madeAt: v.pipe(v.number(), v.finite()),
  bytes: count,
})

/** The host checks its file by it, too. */
export const remembered: v.GenericSchema<Remembered> = v.strictObject({
  mark: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  generation: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  backups: v.exactOptional(v.strictObject({ folder, series })),
})

/** Named `port.method`, as HostPorts nests them. */
export const METHODS = {
  'info.get': { params: none, result: hostInfo },
  'lan.join': { params: v.strictObject({ roomId: id, key }), result: nothing },
  'lan.leave': { params: v.strictObject({ roomId: id }), result: nothing },
  'lan.send': { params: v.strictObject({ linkId: id, frame }), result: nothing },
  'lan.closeLink': { params: v.strictObject({ linkId: id }), result: nothing },
  'signaling.serverStatus': { params: none, result: serverStatus },
  'signaling.setServer': {
    params: v.strictObject({
      enabled: v.boolean(),
      port: v.exactOptional(port),
      lan: v.exactOptional(v.boolean()),
    }),
    result: serverStatus,
  },
  'signaling.relay': { params: v.strictObject({ address: text }), result: v.strictObject({ url: text }) },
  'files.waiting': {
    params: none,
    result: v.pipe(
      v.array(v.strictObject({ id, name: v.pipe(v.string(), v.maxLength(1024)), size: count })),
      v.maxLength(MAX_FILES_TO_OPEN),
      v.readonly(),
    ),
  },
  'files.read': {
    params: v.strictObject({ id, offset: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) }),
    result: v.strictObject({
      bytes: v.pipe(
        bytes,
        v.check((value) => value.length <= MAX_FILE_PART, 'too large a part'),
      ),
    }),
  },
  'files.done': { params: v.strictObject({ id }), result: nothing },
  'keychain.status': {
    params: none,
    result: v.strictObject({ state: v.picklist(['strong', 'weak', 'unavailable', 'not-here']) }),
  },
  'keychain.keep': { params: v.strictObject({ id: wrapperId, key }), result: nothing },
  'keychain.check': { params: v.strictObject({ id: wrapperId }), result: nothing },
  'keychain.give': { params: v.strictObject({ id: wrapperId }), result: v.strictObject({ key }) },
  'keychain.forget': {
    params: v.strictObject({ except: v.pipe(v.array(wrapperId), v.maxLength(MOST_WRAPPERS), v.readonly()) }),
    result: nothing,
  },
  'profile.remembered': { params: none, result: v.strictObject({ known: v.exactOptional(remembered) }) },
  'profile.remember': { params: remembered, result: nothing },
  'profile.wipe': { params: none, result: nothing },
  'storage.space': { params: none, result: v.strictObject({ freeBytes: count, low: v.boolean() }) },
  'backups.suggestFolder': { params: none, result: v.strictObject({ folder, canChoose: v.boolean() }) },
  'backups.chooseFolder': { params: none, result: v.strictObject({ folder: text }) },
  'backups.checkFolder': { params: v.strictObject({ folder, create: v.boolean() }), result: backupFolder },
  'backups.begin': { params: v.strictObject({ folder, series }), result: v.strictObject({ id }) },
  'backups.append': { params: v.strictObject({ id, bytes: backupPart }), result: nothing },
  'backups.commit': { params: v.strictObject({ id }), result: backupFile },
  'backups.abort': { params: v.strictObject({ id }), result: nothing },
  'backups.list': {
    params: v.strictObject({ folder, series }),
    result: v.pipe(v.array(backupFile), v.maxLength(MOST_BACKUPS), v.readonly()),
  },
  'backups.read': {
    params: v.strictObject({
      folder,
      name: fileName,
      offset: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      length: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_BACKUP_PART)),
    }),
    result: v.strictObject({ bytes: backupPart }),
  },
  'backups.remove': { params: v.strictObject({ folder, name: fileName }), result: nothing },
  'backups.tidy': {
    params: v.strictObject({ folder, series, made: fileName }),
    result: v.strictObject({ removed: count }),
  },
} as const

export type MethodName = keyof typeof METHODS
export type MethodParams<Name extends MethodName> = v.InferOutput<(typeof METHODS)[Name]['params']>
export type MethodResult<Name extends MethodName> = v.InferOutput<(typeof METHODS)[Name]['result']>

export const isMethodName = (name: string): name is MethodName => Object.hasOwn(METHODS, name)

export const hostEvent: v.GenericSchema<HostEvent> = v.variant('type', [
  v.strictObject({ type: v.literal('lan-status'), state: v.picklist(['ready', 'unavailable']), detail: text }),
  v.strictObject({ type: v.literal('lan-link'), roomId: id, linkId: id, initiator: v.boolean() }),
  v.strictObject({ type: v.literal('lan-frame'), linkId: id, frame }),
  v.strictObject({ type: v.literal('lan-closed'), linkId: id, reason: text }),
  v.strictObject({ type: v.literal('storage-low'), low: v.boolean(), freeBytes: count }),
  v.strictObject({ type: v.literal('show-yourself') }),
  v.strictObject({ type: v.literal('files-waiting') }),
])
