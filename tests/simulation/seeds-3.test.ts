import { runShare } from './many-seeds.ts'

runShare(2, 4)
