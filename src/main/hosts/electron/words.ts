import { app } from 'electron'

/** What the native parts say: menu and dialogs. The interface has catalogues of its own. */
export interface Words {
  readonly file: string
  readonly newProject: string
  readonly openProject: string
  readonly openSample: string
  readonly import: string
  readonly save: string
  readonly export: string
  readonly quit: string
  readonly edit: string
  readonly undo: string
  readonly redo: string
  readonly cut: string
  readonly copy: string
  readonly paste: string
  readonly selectAll: string
  readonly view: string
  readonly fullScreen: string
  readonly developerTools: string
  readonly window: string
  readonly minimise: string
  readonly close: string
  readonly help: string
  readonly shortcuts: string
  readonly about: string
  readonly hide: string
  readonly hideOthers: string
  readonly chooseMedia: string
  readonly chooseProject: string
  readonly chooseNewProject: string
  readonly chooseExportFile: string
  readonly chooseExportFolder: string
  readonly chooseMask: string
  readonly videoAndPictures: string
  readonly allFiles: string
  readonly notSaved: string
}

const english: Words = {
  file: 'File',
  newProject: 'New Project…',
  openProject: 'Open Project…',
  openSample: 'Open Sample Project',
  import: 'Import…',
  save: 'Save',
  export: 'Export…',
  quit: 'Quit',
  edit: 'Edit',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  selectAll: 'Select All',
  view: 'View',
  fullScreen: 'Full Screen',
  developerTools: 'Developer Tools',
  window: 'Window',
  minimise: 'Minimise',
  close: 'Close',
  help: 'Help',
  shortcuts: 'Keyboard Shortcuts',
  about: 'About Lumière Studio',
  hide: 'Hide Lumière Studio',
  hideOthers: 'Hide Others',
  chooseMedia: 'Choose a clip or a photo',
  chooseProject: 'Choose a project folder',
  chooseNewProject: 'Create the project folder',
  chooseExportFile: 'Export as',
  chooseExportFolder: 'Choose a folder for the pictures',
  chooseMask: 'Choose a mask',
  videoAndPictures: 'Video and pictures',
  allFiles: 'All files',
  notSaved:
    'The project could not be saved in full. Every change is in its journal and comes back when you open it again.',
}

const italian: Words = {
  file: 'File',
  newProject: 'Nuovo progetto…',
  openProject: 'Apri progetto…',
  openSample: 'Apri progetto di esempio',
  import: 'Importa…',
  save: 'Salva',
  export: 'Esporta…',
  quit: 'Esci',
  edit: 'Modifica',
  undo: 'Annulla',
  redo: 'Ripristina',
  cut: 'Taglia',
  copy: 'Copia',
  paste: 'Incolla',
  selectAll: 'Seleziona tutto',
  view: 'Vista',
  fullScreen: 'Schermo intero',
  developerTools: 'Strumenti per sviluppatori',
  window: 'Finestra',
  minimise: 'Riduci a icona',
  close: 'Chiudi',
  help: 'Aiuto',
  shortcuts: 'Scorciatoie da tastiera',
  about: 'Informazioni su Lumière Studio',
  hide: 'Nascondi Lumière Studio',
  hideOthers: 'Nascondi altre',
  chooseMedia: 'Scegli un video o una foto',
  chooseProject: 'Scegli la cartella di un progetto',
  chooseNewProject: 'Crea la cartella del progetto',
  chooseExportFile: 'Esporta come',
  chooseExportFolder: 'Scegli una cartella per le immagini',
  chooseMask: 'Scegli una maschera',
  videoAndPictures: 'Video e immagini',
  allFiles: 'Tutti i file',
  notSaved:
    'Non è stato possibile salvare tutto il progetto. Ogni modifica è nel suo diario e torna alla prossima apertura.',
}

/** Words in the language of the app; call when ready. */
export function words(): Words {
  return app.getLocale().startsWith('it') ? italian : english
}
