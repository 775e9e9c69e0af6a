/** app://teatray: the built pages as a proper origin, with the same headers as in the browser host. */
import { describeThrown } from '../../shared/base/errors.ts'
import type { Pages } from '../services/pages/index.ts'
import type { Electron } from './electron.ts'
import { SCHEME, isOwn } from './origin.ts'

/** Must run before the app is ready. Never bypassCSP: the policy is what keeps the page at home. */
export function registerScheme({ protocol }: Pick<Electron, 'protocol'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

export function answerWith(pages: Pages, log: (line: string) => void): (request: Request) => Promise<Response> {
  return async (request) => {
    if (!isOwn(request.url) || request.method !== 'GET') return new Response(null, { status: 403 })
    try {
      const { status, headers, body } = await pages(new URL(request.url).pathname)
      return new Response(body, { status, headers })
    } catch (thrown) {
      log(`pages: ${describeThrown(thrown)}`)
      return new Response(null, { status: 500 })
    }
  }
}
