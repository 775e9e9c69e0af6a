/** How people treat each other in the room: made by the members themselves, and looked at again when it no longer fits. */
import { heading, list, page, paragraph, prompt, type Template } from './build.ts'

export const groupAgreement: Template = {
  id: 'group-agreement',
  audience: 'group',
  content: page(
    paragraph('This is what we have promised each other. It is ours, and any of us can ask to change it.'),
    prompt('The day we made it, and who was there'),

    heading('What we come for'),
    paragraph(
      'We come to be with people who know what it is like. Nobody has to explain themselves or prove their pain.',
    ),
    prompt('In our own words: what a good meeting feels like'),

    heading('When we talk'),
    list(
      'Everybody who wants to speak gets a turn. Nobody has to.',
      'We let each other finish.',
      'We speak of our own experience, and do not tell others what to do.',
      'We do not compare who has it worse.',
      prompt('Something else that helps us to talk'),
    ),

    heading('What stays here'),
    list(
      'What is said here stays here, and so does who was here.',
      'We ask before we pass on anybody’s story, even to somebody close.',
      'We take no pictures and record nothing unless all of us have said yes.',
      prompt('What we do with messages: WhatsApp, e-mail, notes'),
    ),
    prompt('The one exception: what we do when somebody is in danger'),

    heading('When something is hard to hear'),
    list(
      'We say so first, so that others can step out.',
      'Anybody can leave the room, or the screen, at any time and without a word.',
      'Whoever leads may pause a conversation. We trust them with that.',
    ),
    prompt('Whom to turn to afterwards, and how to reach them'),

    heading('How we look after our bodies'),
    prompt('Breaks, chairs, lying down, cameras off, scents, light, noise: what we need'),
    prompt('What we do when somebody has a flare during a meeting'),

    heading('When somebody does not keep to this'),
    paragraph('We speak to that person kindly and alone first. Most of the time that is enough.'),
    prompt('Who does it, and what comes next if it goes on'),
    prompt('Whom to tell if it is about one of those who run the group'),

    heading('When we look at this again'),
    prompt('A date, a year from now at most'),
    prompt('How somebody new hears of it, and says what they would add'),
  ),
}
