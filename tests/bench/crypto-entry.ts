/** All of shared/crypto, to weigh it. */
export * from '../../shared/crypto/agree.ts'
export * from '../../shared/crypto/derive.ts'
export * from '../../shared/crypto/hash.ts'
export * from '../../shared/crypto/same.ts'
export * from '../../shared/crypto/seal.ts'
export * from '../../shared/crypto/sign.ts'
export * from '../../shared/crypto/wrap.ts'
