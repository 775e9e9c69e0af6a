/**
 * A first terms of reference for a small group run by the people it is for. Words that most groups can keep are written out;
 * what only the group knows is a prompt.
 */
import { heading, list, page, paragraph, prompt, table, type Template } from './build.ts'

export const termsOfReference: Template = {
  id: 'terms-of-reference',
  audience: 'group',
  content: page(
    paragraph('This is how we agree to run our group. All of us can suggest a change, at any time.'),

    heading('Who we are and why we meet'),
    prompt('The name of our group, where we are, and how we began'),
    paragraph(
      'We are a group of people who live with the same kind of trouble and keep each other company in it. We share what has helped us and what has not. We listen. We do not give medical advice or try to fix one another.',
    ),
    prompt('What we hope people find here'),

    heading('Who can come'),
    prompt('Who the group is for, and whether a friend or carer can come too'),
    paragraph('You do not have to explain yourself, come every time, or stay to the end.'),
    prompt('How somebody new gets in touch, who answers, and how soon'),

    heading('Who does what'),
    paragraph(
      'Anybody in the group can help to run it, with a small job or a large one. Each job has a deputy, so that whoever has it can rest without giving a reason.',
    ),
    table(
      ['Job', 'Who does it', 'Deputy'],
      ['Welcoming new people', prompt('Name'), prompt('Name')],
      ['Finding the place and the time', prompt('Name'), prompt('Name')],
      ['Leading the conversation', prompt('Name'), prompt('Name')],
      ['Keeping notes', prompt('Name'), prompt('Name')],
      [prompt('Another job'), prompt('Name'), prompt('Name')],
    ),
    prompt('How long somebody keeps a job before we ask again'),

    heading('How we decide'),
    paragraph('What matters to everybody is put to everybody, with time to think it over.'),
    list(
      'A view given by phone, letter, e-mail or WhatsApp counts as much as one spoken in the room.',
      'We look for what all of us can live with. Where we cannot find it, we vote.',
      'Day-to-day things are decided by the planning group. It tells the rest of us what it decided, and why.',
    ),
    prompt('Who is in the planning group now, how one joins it, and how many are needed to decide'),

    heading('Meetings'),
    prompt('How often, on which day, at what time and for how long'),
    prompt('Where, and how to get in: steps, lift, parking, chairs'),
    list(
      'People can be in the room or join by screen or phone, whichever suits them that day.',
      'We do not count on everybody being online. There is always a way without it.',
      'Stand, stretch, lie down, switch the camera off or leave early whenever you need to.',
      'Everybody who wants to speak gets a turn, and nobody has to.',
    ),

    heading('Looking after each other'),
    list(
      'What is said here stays here. We ask before we pass on anybody’s story, even to somebody close.',
      'We tell our own experience, and leave others to choose for themselves.',
      'If something could be hard to hear, we say so first, so that others can step out.',
      'Whoever leads may pause a conversation, and checks afterwards that everybody is all right.',
      'We keep secrets unless somebody is in danger. Then we tell that person whom we will ask for help.',
    ),
    prompt('Whom to talk to when something went wrong, and whom else if it is about that person'),

    heading('Sharing the work'),
    paragraph('Those who run the group are living with this too. Our health comes first, and doing less is allowed.'),
    list(
      'We add one new thing at a time, try it for a while, and stop it if it is too much.',
      'Whenever a job rests on one person alone, we look for a second.',
      'We keep to what is light and pleasant to do, as often as we can.',
    ),

    heading('Money'),
    prompt('What we need money for and where it comes from. If there is none, say so'),
    prompt('Which two people look after it, and when they show us the figures'),

    heading('When we look at this again'),
    prompt('A date, a year from now at most'),
    prompt('When this was agreed, and by whom'),
  ),
}
