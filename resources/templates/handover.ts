/** For whoever takes a job over, perhaps from somebody who is too ill to explain it. */
import { heading, list, page, paragraph, prompt, table, type Template } from './build.ts'

export const handover: Template = {
  id: 'handover',
  audience: 'planning',
  content: page(
    prompt('The job, who hands it on, and who takes it'),
    prompt('From which day on'),
    paragraph(
      'Thank you to both. Nobody has to explain why they stop, and nothing has to be perfect before it is handed on.',
    ),

    heading('Where things stand'),
    table(
      ['What', 'How it stands', 'What comes next, and when'],
      [prompt('Something under way'), prompt('Done, begun or promised'), prompt('Next step')],
      [prompt('Something under way'), prompt('Done, begun or promised'), prompt('Next step')],
      [prompt('Something under way'), prompt('Done, begun or promised'), prompt('Next step')],
    ),
    prompt('What may be dropped'),

    heading('People'),
    list(
      prompt('Who waits for an answer, and since when'),
      prompt('Who helps, and with what'),
      prompt('Who outside the group has to be told of the change'),
    ),
    paragraph('Of people’s health only what they have said may be passed on.'),

    heading('Things'),
    list(
      prompt('Papers, and where they are'),
      prompt('Keys, money, equipment'),
      prompt('Accounts: which ones, and who changes their passphrase. Not the passphrase itself'),
    ),

    heading('What I wish I had known'),
    prompt('Whatever comes to mind'),

    heading('And then'),
    prompt('How long the old hand can be asked, and how'),
    prompt('Who is the deputy now'),
  ),
}
