import { runShare } from './many-seeds.ts'

runShare(3, 4)
