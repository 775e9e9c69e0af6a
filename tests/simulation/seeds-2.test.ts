import { runShare } from './many-seeds.ts'

runShare(1, 4)
