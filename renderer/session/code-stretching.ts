import type { Argon2id } from '../../shared/joining/code.ts'
import { argon2id } from '../keyring/argon2.ts'

/** The keyring's Argon2id (in a worker), for invitation codes. */
export const argon2idForCodes: Argon2id = ({ password, salt, memoryKiB, iterations }) =>
  argon2id(password, salt, { memoryKiB, passes: iterations })
