/** An agenda that leaves room: a few topics, times that are only a help, and a way to take part for those who stay at home. */
import { heading, list, page, paragraph, prompt, table, type Template } from './build.ts'

export const meetingAgenda: Template = {
  id: 'meeting-agenda',
  audience: 'group',
  content: page(
    prompt('Day, time, and how long at most'),
    prompt('Where, and how to get in: steps, lift, parking, chairs'),
    prompt('How to take part by screen or by phone'),
    prompt('Who leads, and who steps in'),

    heading('What we will talk about'),
    table(
      ['What', 'Who begins', 'About how long'],
      ['Welcome, and how today is', prompt('Name'), prompt('Minutes')],
      [prompt('First topic, and where the wish for it came from'), prompt('Name'), prompt('Minutes')],
      ['A break', 'All of us', prompt('Minutes')],
      [prompt('Second topic, if there is strength for it'), prompt('Name'), prompt('Minutes')],
      ['What comes next, and a light last round', prompt('Name'), prompt('Minutes')],
    ),
    paragraph('The times are a help, not a rule. What we do not get to waits.'),

    heading('To decide'),
    prompt('A question that has to be decided, and what speaks for and against'),
    paragraph(
      'If you cannot come, tell us what you think beforehand: by phone, letter, e-mail or WhatsApp. It counts as much.',
    ),
    prompt('Whom to tell, and by when'),

    heading('Good to know'),
    list(
      'Come late, leave early, lie down, say nothing: all of that is fine.',
      prompt('Something to bring, or to look at before'),
    ),
  ),
}
