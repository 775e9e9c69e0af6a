import { readText } from './read-text.ts'

addEventListener('message', ({ data: { bytes, name } }: MessageEvent<{ bytes: Uint8Array; name: string }>) => {
  void readText(bytes, name).then((result) => postMessage(result))
})
