/** For meetings by screen or phone, and for those where some are in the room and some are not. */
import { heading, list, page, paragraph, prompt, type Template } from './build.ts'

export const onlineGuidelines: Template = {
  id: 'online-guidelines',
  audience: 'group',
  content: page(
    paragraph('Meeting by screen spares some of us the journey. It goes well when a few things are agreed.'),

    heading('Getting in'),
    prompt('The link, and the number to ring for those who take part by phone'),
    prompt('Who lets people in, and when the door opens'),
    prompt('Whom to ring when it does not work. It is never your fault'),
    paragraph('A first name is enough. Please do not pass the link on; send people who would like to come to us.'),

    heading('While we meet'),
    list(
      'Camera on or off, as you like. Lie down, stretch, eat, or walk about.',
      'Muted while others speak, if you can. Whoever leads may mute somebody whose room is loud.',
      'To speak, raise a hand, write “me” in the chat, or simply say your name.',
      'Those on the phone are asked by name, now and then, whether they would like to say something.',
      'Nobody records, takes pictures, or has somebody listen in who is not of the group.',
      prompt('Something else that works for us'),
    ),

    heading('The chat'),
    list(
      'It is for a kind word, a link, or a question that can wait.',
      'Nothing is told there that would be hard to read unprepared.',
      'It is read out for those who cannot see it.',
    ),
    prompt('What happens to it afterwards: kept by nobody, or by whom and for how long'),

    heading('Some in the room, some at home'),
    prompt('Where the camera and the microphone stand, so that those at home see faces and hear all'),
    prompt('Who looks after those at home, and speaks up for them'),
    paragraph('Rounds begin with those at home.'),

    heading('When something is hard to hear'),
    paragraph('Whoever leads stops it kindly. To say “mute it if you do not like it” is not enough.'),
    prompt('Who stays in touch with somebody who has left upset, and how'),

    heading('Roles'),
    prompt('Who leads, and who steps in if their connection fails'),
    prompt('Who watches hands and chat'),
    prompt('How long we meet, and when there is a break'),
  ),
}
