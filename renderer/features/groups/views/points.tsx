import { Section } from '../../../ui/index.ts'

export function Points({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  return (
    <Section title={title}>
      <ul className="t-plain-list">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Section>
  )
}
