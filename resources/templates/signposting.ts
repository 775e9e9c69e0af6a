/** Where to find help that the group cannot give; each entry with a day on which somebody checked it. */
import { heading, page, paragraph, prompt, table, type Template } from './build.ts'

const places = (first: string) =>
  table(
    ['Who', 'For what', 'How to reach them', 'Checked on'],
    [prompt(first), prompt('What they help with'), prompt('Phone, address, hours'), prompt('Day, and by whom')],
    [prompt('Another'), prompt('What they help with'), prompt('Phone, address, hours'), prompt('Day, and by whom')],
  )

export const signposting: Template = {
  id: 'signposting',
  audience: 'group',
  content: page(
    paragraph(
      'We listen and share. For what is more than that, there are others. We pass on names; we do not recommend.',
    ),

    heading('In danger, or at the end of one’s strength'),
    places('The number to ring at once, day and night'),

    heading('Pain and health'),
    places('The pain clinic, a nurse’s line, a pharmacist'),

    heading('Mood, grief, trauma'),
    places('Somebody to talk to, with what they cost and how long one waits'),

    heading('Money, work, housing, rights'),
    places('Advice that is free'),

    heading('At home and on the way'),
    places('Help in the house, aids, lifts, transport'),

    heading('Other groups like ours'),
    places('Near here, or by screen'),

    heading('When this is checked again'),
    prompt('Who rings round, and when. Three months is a good time'),
    prompt('Whom to tell when something here is wrong'),
  ),
}
