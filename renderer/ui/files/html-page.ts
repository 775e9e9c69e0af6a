/** HTML pages that stand by themselves on any computer: no script, and nothing that a browser would fetch. */
import { escapeHtml } from '../editor/to-html.ts'

const STYLE = `
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1.1rem/1.6 system-ui, sans-serif; color: #1c1c1c; background: #fff; overflow-wrap: break-word; }
h1, h2, h3, h4 { line-height: 1.25; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { border: 1px solid #767676; padding: 0.4rem 0.6rem; text-align: start; vertical-align: top; }
th { background: #eee; }
th > p, td > p, li > p { margin: 0; }
figure { margin: 1rem 0; }
img { max-width: 100%; height: auto; }
.small img { max-width: 18rem; }
.tasks { list-style: none; padding-left: 0.5rem; }
.tasks input { float: left; width: 1.1rem; height: 1.1rem; margin: 0.3rem 0.6rem 0 0; }
.tasks li { overflow: hidden; }
.summary { border: 1px solid #767676; border-inline-start-width: 0.4rem; padding: 0.5rem 1rem; margin: 1rem 0; }
.summary > :first-child { margin-top: 0; }
.summary > :last-child { margin-bottom: 0; }
footer { color: #4a4a4a; border-top: 1px solid #767676; margin-top: 3rem; padding-top: 0.5rem; font-size: 1rem; }
.care { border: 2px solid #1c1c1c; padding: 0.5rem 1rem; }
`

/** No browser fetches anything for it, whatever somebody may have written into a paper. */
const policy = (images: string): string =>
  `default-src 'none'; style-src 'unsafe-inline'; img-src ${images}; base-uri 'none'; form-action 'none'`

export const page = ({
  language,
  title,
  body,
  end = '',
  images = 'data:',
}: {
  readonly language: string
  readonly title: string
  /** HTML. */
  readonly body: string
  /** HTML: where it came from. */
  readonly end?: string
  /** Where pictures may come from: the page itself, or files beside it. */
  readonly images?: 'data:' | "'self' file:"
}): string => `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(images)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main dir="auto">
${body}</main>
${end}</body>
</html>
`

export const heading = (level: 1 | 2 | 3, text: string): string =>
  `<h${level} dir="auto">${escapeHtml(text)}</h${level}>\n`
export const paragraph = (text: string): string => `<p dir="auto">${escapeHtml(text)}</p>\n`
export const bullets = (items: readonly string[]): string =>
  items.length === 0 ? '' : `<ul>\n${items.map((item) => `<li>${item}</li>`).join('\n')}\n</ul>\n`
/** `path`: of the file, from the top of the folder. */
export const link = (path: readonly string[], text: string): string =>
  `<a href="${escapeHtml(path.map(encodeURIComponent).join('/'))}" dir="auto">${escapeHtml(text)}</a>`
