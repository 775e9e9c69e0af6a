/** The project's own pages that the app shows under Help: the words of the repository, so that there is one of each. */
import threatModel from '../../THREAT_MODEL.md?raw'

export { threatModel }
