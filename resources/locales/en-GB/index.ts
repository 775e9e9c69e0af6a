import backup from './backup.json' with { type: 'json' }
import byFiles from './by-files.json' with { type: 'json' }
import common from './common.json' with { type: 'json' }
import editor from './editor.json' with { type: 'json' }
import exporting from './export.json' with { type: 'json' }
import files from './files.json' with { type: 'json' }
import find from './find.json' with { type: 'json' }
import groups from './groups.json' with { type: 'json' }
import help from './help.json' with { type: 'json' }
import inAndOut from './in-and-out.json' with { type: 'json' }
import notes from './notes.json' with { type: 'json' }
import order from './order.json' with { type: 'json' }
import papers from './papers.json' with { type: 'json' }
import people from './people.json' with { type: 'json' }
import recovery from './recovery.json' with { type: 'json' }
import safety from './safety.json' with { type: 'json' }
import talk from './talk.json' with { type: 'json' }
import today from './today.json' with { type: 'json' }
import versions from './versions.json' with { type: 'json' }

/** British English, one file for each feature. */
export const enGB = {
  backup,
  'by-files': byFiles,
  common,
  editor,
  export: exporting,
  files,
  find,
  groups,
  help,
  'in-and-out': inAndOut,
  notes,
  order,
  papers,
  people,
  recovery,
  safety,
  talk,
  today,
  versions,
}
