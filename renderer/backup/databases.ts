/** What a backup holds beside the keyring. */
import { STORE_NAME } from '../store/store.ts'
import { STORE_VERSIONS } from '../store/schema.ts'
import { VAULT_NAME } from '../vault/vault.ts'
import { VAULT_VERSIONS } from '../vault/vault-store.ts'
import type { DatabaseName } from './dump.ts'

export const DATABASES: readonly DatabaseName[] = [
  { name: STORE_NAME, versions: STORE_VERSIONS },
  { name: VAULT_NAME, versions: VAULT_VERSIONS },
]
