import { runShare } from './many-seeds.ts'

runShare(0, 4)
