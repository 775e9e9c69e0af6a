import type { Signer } from '../crypto/sign.ts'
import { encodeRecord, encodeUnsignedRecord, type MembershipRecord, type UnsignedRecord } from '../wire/record.ts'
import { hashOfRecord } from './names.ts'
import type { StoredRecord } from './record-store.ts'
import type { DeviceSecrets } from './state.ts'

export async function signRecord(
  signer: Signer,
  secrets: DeviceSecrets,
  unsigned: Omit<UnsignedRecord, 'author'>,
): Promise<StoredRecord & { readonly record: MembershipRecord }> {
  const whole: UnsignedRecord = { ...unsigned, author: secrets.device }
  const signature = await signer.sign('record', secrets.signing, encodeUnsignedRecord(whole))
  const record = { ...whole, signature }
  const bytes = encodeRecord(record)
  return { hash: hashOfRecord(bytes), bytes, record }
}
