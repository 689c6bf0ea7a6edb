import i18next from 'i18next'
import type { Command } from '../../shared/document/commands.js'
import { rippleCommands } from '../../shared/document/cutting.js'
import { linkedClips } from '../../shared/document/linking.js'
import { recordOf, recordsOf } from '../../shared/document/model.js'
import type {
  AssetRec,
  ClipRec,
  Id,
  MaskRec,
  ProjectDoc,
  TakeRec,
} from '../../shared/document/model.js'
import { overlayCommands, placeCommands } from '../../shared/document/placing.js'
import { trimCommands } from '../../shared/document/trimming.js'
import { newId } from '../../shared/ids.js'
import { endPair } from '../compare/comparing.js'
import { randomSeed, useDraft } from '../generate/draft.js'
import { toggled, turned } from '../player/loudness.js'
import { clipAt } from '../player/timelineMap.js'
import { transport } from '../player/transport.js'
import { changeTrack } from '../timeline/moveClip.js'
import { takesOf } from './editing.js'
import { useEditor } from './editor.js'
import type { EditorState, Tool } from './editor.js'
import { currentFocus } from './focus.js'
import { importChosen } from './importing.js'
import { isLive, makesTake, useJobs } from './jobs.js'
import { applyPreferences } from './preferences.js'
import { openInstead } from './leaving.js'
import { useProject } from './project.js'
import { acceptLeftovers, stopLooking } from './leftovers.js'
import { showNote } from './toasts.js'
import { goToDoubtful, startTracking } from './tracking.js'

/**
 * Everything a key, a menu entry or a button can do, by name. Buttons call the functions
 * below directly; keys and the host's menu go through {@link runAction}.
 */
const BRUSH_STEPS = [4, 6, 8, 10, 14, 20, 28, 40, 56, 80, 110, 160, 220, 320] as const

const editor = (): EditorState => useEditor.getState()
const dispatch = (commands: readonly Command[], gesture?: string): Promise<boolean> =>
  useProject.getState().dispatch(commands, gesture === undefined ? {} : { gesture })

export function chooseTool(tool: Tool): void {
  // Side by side is for looking.
  const looking = tool !== 'select' && tool !== 'hand' && editor().compare === 'side'
  editor().set({ tool, ...(looking ? { compare: 'off' as const } : {}) })
}

/** Starts the edit in hand, whatever its verb, unless it runs already. */
export async function runInHand(): Promise<void> {
  const segment = currentFocus()?.segment
  if (segment === undefined) return
  const { id: segmentId, verb: kind } = segment
  const running = useJobs
    .getState()
    .jobs.some((job) => makesTake(job) && isLive(job) && job.input.segmentId === segmentId)
  if (running) return
  if ((kind === 'replace' || kind === 'regenerate') && useDraft.getState().vary) {
    const changes = { params: { seed: randomSeed() } }
    await dispatch([{ type: 'segment.update', id: segmentId, changes }], `seed-${segmentId}`)
  }
  // What a search for leftovers would still find belongs to the pass before.
  if (kind === 'remove') await stopLooking(segmentId)
  await useJobs.getState().start({ kind, input: { segmentId } })
}

export function updateMask(
  id: Id,
  changes: Partial<Pick<MaskRec, 'name' | 'between' | 'feather' | 'grow' | 'inverted' | 'overlay'>>,
  gesture?: string,
): void {
  void dispatch([{ type: 'mask.update', id, changes }], gesture)
}

/** Uses a take in the film, or the source again. */
export async function acceptTake(segmentId: Id, takeId: Id | null): Promise<void> {
  await dispatch([{ type: 'take.accept', segmentId, takeId }])
  editor().set({ auditionTakeId: null, previewEditId: null })
}

/** Shows a take in the viewer without using it yet, with the mask out of the way. */
export function auditionTake(take: TakeRec | null): void {
  editor().set(
    take === null
      ? { auditionTakeId: null }
      : {
          auditionTakeId: take.id,
          previewEditId: null,
          selectedSegmentId: take.segmentId,
          showMask: false,
        },
  )
}

/** Puts a take on the left of the wipe, with the one in use, or else another, on its right. */
export function compareTake(take: TakeRec): void {
  const { doc } = useProject.getState()
  const segment = doc === null ? undefined : recordOf(doc, 'segment', take.segmentId)
  if (doc === null || segment === undefined) return
  const { auditionTakeId } = editor()
  const others = takesOf(doc, segment.id).filter(({ id }) => id !== take.id)
  const other =
    others.find(({ id }) => id === auditionTakeId) ??
    others.find(({ id }) => id === segment.acceptedTakeId) ??
    others.at(-1)
  if (other === undefined) return
  auditionTake(other)
  const { compare } = editor()
  editor().set({ compare: compare === 'side' ? 'side' : 'wipe', against: take.id })
}

export function deleteSelection(): void {
  const { doc } = useProject.getState()
  const { selectedSegmentId, selectedClipId } = editor()
  if (doc === null) return
  if (recordOf(doc, 'segment', selectedSegmentId) !== undefined && selectedSegmentId !== null) {
    void dispatch([{ type: 'segment.remove', id: selectedSegmentId }])
    editor().set({ selectedSegmentId: null, selectedMaskId: null, auditionTakeId: null })
  } else if (recordOf(doc, 'clip', selectedClipId) !== undefined && selectedClipId !== null) {
    void dispatch([{ type: 'clip.remove', id: selectedClipId }])
    editor().set({ selectedClipId: null })
  }
}

/** The clip that the playhead cuts through: the selected one, else the uppermost; with its sound. */
function clipsUnderPlayhead(doc: ProjectDoc): readonly ClipRec[] {
  const { playhead: frame, selectedClipId } = editor()
  const chosen = recordOf(doc, 'clip', selectedClipId)
  const isUnder =
    chosen !== undefined && frame > chosen.start && frame < chosen.start + chosen.length
  const clip = isUnder ? chosen : clipAt(doc, frame)
  return clip === null || frame <= clip.start ? [] : linkedClips(doc, clip)
}

function splitAtPlayhead(): void {
  const { doc } = useProject.getState()
  const { playhead: frame } = editor()
  const clips = doc === null ? [] : clipsUnderPlayhead(doc)
  if (clips.length === 0) return
  void dispatch(clips.map(({ id }) => ({ type: 'clip.split', id, frame, newId: newId('clip') })))
}

/** Takes away what the clip under the playhead shows before it, or from it on, and closes the gap. */
async function trimToPlayhead(side: 'start' | 'end'): Promise<void> {
  const { doc } = useProject.getState()
  if (doc === null) return
  const ids = clipsUnderPlayhead(doc).map(({ id }) => id)
  const { commands, frame } = trimCommands(doc, ids, editor().playhead, side)
  if (commands.length === 0) return
  const { selectedClipId, selectedSegmentId, selectedMaskId } = editor()
  if (!(await dispatch(commands))) return
  transport.goTo(frame)
  // The playhead may stand on the next clip now; what was trimmed stays in hand.
  editor().set({ selectedClipId, selectedSegmentId, selectedMaskId })
}

/** Deletes the selected clip, with its sound, and closes the gap. */
function rippleDelete(): void {
  const { doc } = useProject.getState()
  const clip = doc === null ? undefined : recordOf(doc, 'clip', editor().selectedClipId)
  if (doc === null || clip === undefined) return
  const ids = linkedClips(doc, clip).map(({ id }) => id)
  void dispatch(rippleCommands(doc, ids))
  editor().set({
    selectedClipId: null,
    selectedSegmentId: null,
    selectedMaskId: null,
    auditionTakeId: null,
  })
}

/** Lays media over the film from the playhead on. */
export function placeOverlay(asset: AssetRec): void {
  const { doc } = useProject.getState()
  if (doc === null) return
  const empty = recordsOf(doc, 'clip').length === 0
  const { playhead } = editor()
  const { commands, clipId } = empty
    ? placeCommands(doc, asset)
    : overlayCommands(doc, asset, playhead)
  void dispatch(commands)
  editor().set({ selectedClipId: clipId, selectedSegmentId: null, selectedMaskId: null })
}

/** Brings the selected clip one video track up or down. */
function moveToTrack(direction: 1 | -1): void {
  const { doc } = useProject.getState()
  const { selectedClipId } = editor()
  if (doc === null || selectedClipId === null) return
  const commands = changeTrack(doc, selectedClipId, direction)
  if (commands !== null) void dispatch(commands)
}

/** Puts media at the end of the timeline once more. */
export function placeAsset(asset: AssetRec): void {
  const { doc } = useProject.getState()
  if (doc === null) return
  const { commands, clipId } = placeCommands(doc, asset)
  void dispatch(commands)
  editor().set({ selectedClipId: clipId })
}

function stepBrush(direction: -1 | 1): void {
  const { brushSize } = editor()
  const steps = direction > 0 ? BRUSH_STEPS : BRUSH_STEPS.toReversed()
  const next = steps.find((size) => (direction > 0 ? size > brushSize : size < brushSize))
  if (next !== undefined) editor().set({ brushSize: next })
}

export async function saveProject(): Promise<void> {
  if (await useProject.getState().save()) showNote('saved')
}

/** Moves the keyboard focus to the next panel on screen, in reading order. */
function focusPanel(direction: -1 | 1): void {
  const panels = [...document.querySelectorAll<HTMLElement>('[data-area]')]
  const at = panels.findIndex((panel) => panel.contains(document.activeElement))
  const next = at === -1 ? 0 : (at + direction + panels.length) % panels.length
  panels[next]?.focus()
}

function stepBack(): void {
  const { auditionTakeId, compare, tool, pair } = editor()
  if (pair !== null) endPair()
  else if (auditionTakeId !== null) editor().set({ auditionTakeId: null })
  else if (compare !== 'off') editor().set({ compare: 'off' })
  else if (tool !== 'select') editor().set({ tool: 'select' })
  else editor().set({ selectedSegmentId: null, selectedClipId: null, selectedMaskId: null })
}

function acceptAuditioned(): void {
  const { doc } = useProject.getState()
  const take = doc && recordOf(doc, 'take', editor().auditionTakeId)
  if (take) void acceptTake(take.segmentId, take.id)
}

function toggleCompare(mode: 'wipe' | 'side'): void {
  editor().set({ compare: editor().compare === mode ? 'off' : mode })
}

const ACTIONS = {
  play: () => transport.toggle(),
  shuttleBack: () => transport.shuttle(-1),
  shuttleStop: () => transport.shuttle(0),
  shuttleForward: () => transport.shuttle(1),
  markIn: () => transport.markIn(),
  markOut: () => transport.markOut(),
  clearRange: () => transport.clearRange(),
  frameBack: () => transport.step(-1),
  frameForward: () => transport.step(1),
  secondBack: () => transport.stepSeconds(-1),
  secondForward: () => transport.stepSeconds(1),
  goToStart: () => transport.goToStart(),
  goToEnd: () => transport.goToEnd(),
  previousEdit: () => transport.goToEdit(-1),
  nextEdit: () => transport.goToEdit(1),
  mute: () => void applyPreferences(toggled(editor())),
  volumeDown: () => void applyPreferences(turned(editor(), -1)),
  volumeUp: () => void applyPreferences(turned(editor(), 1)),
  snapping: () => editor().set({ snapping: !editor().snapping }),
  marker: () =>
    void dispatch([
      {
        type: 'marker.add',
        marker: { id: newId('marker'), type: 'marker', frame: editor().playhead, label: '' },
      },
    ]),
  deleteSelection,
  rippleDelete,
  trackUp: () => moveToTrack(1),
  trackDown: () => moveToTrack(-1),
  split: splitAtPlayhead,
  trimStart: () => void trimToPlayhead('start'),
  trimEnd: () => void trimToPlayhead('end'),
  undo: () => void useProject.getState().undo(),
  redo: () => void useProject.getState().redo(),
  save: () => void saveProject(),
  export: () => editor().set({ dialog: 'export' }),
  import: () => void importChosen(),
  newProject: () => editor().set({ dialog: 'newProject' }),
  openProject: () => editor().set({ dialog: 'openProject' }),
  openSample: () =>
    void openInstead('project.openSample', { name: i18next.t('topBar.sampleName') }),
  shortcuts: () => editor().set({ dialog: 'shortcuts' }),
  run: () => void runInHand(),
  nextPanel: () => focusPanel(1),
  previousPanel: () => focusPanel(-1),
  select: () => chooseTool('select'),
  hand: () => chooseTool('hand'),
  brush: () => chooseTool('brush'),
  eraser: () => chooseTool('eraser'),
  rectangle: () => chooseTool('rectangle'),
  ellipse: () => chooseTool('ellipse'),
  lasso: () => chooseTool('lasso'),
  brushSmaller: () => stepBrush(-1),
  brushLarger: () => stepBrush(1),
  invert: () => {
    const mask = currentFocus()?.mask
    if (mask) updateMask(mask.id, { inverted: !mask.inverted })
  },
  apply: acceptAuditioned,
  cancel: stepBack,
  wipe: () => toggleCompare('wipe'),
  side: () => toggleCompare('side'),
  trackForward: () => void startTracking('forward'),
  trackBoth: () => void startTracking('both'),
  nextDoubtful: () => void goToDoubtful(1),
  previousDoubtful: () => void goToDoubtful(-1),
  addLeftovers: () => void acceptLeftovers(),
  showMask: () => editor().set({ showMask: !editor().showMask }),
} as const satisfies Readonly<Record<string, () => void>>

export type ActionName = keyof typeof ACTIONS

/** What does not need the film on screen: looking, moving, the project as a whole. */
const BESIDE_FILM: ReadonlySet<ActionName> = new Set<ActionName>([
  ...(['play', 'shuttleBack', 'shuttleStop', 'shuttleForward'] as const),
  ...(['frameBack', 'frameForward', 'secondBack', 'secondForward'] as const),
  ...(['goToStart', 'goToEnd', 'previousEdit', 'nextEdit'] as const),
  ...(['mute', 'volumeDown', 'volumeUp', 'wipe', 'side', 'select', 'hand', 'cancel'] as const),
  ...(['undo', 'redo', 'save', 'export', 'import', 'newProject', 'openProject'] as const),
  ...(['openSample', 'shortcuts', 'nextPanel', 'previousPanel'] as const),
])

export function runAction(name: ActionName): void {
  // A cut or a deletion acts on what is on screen: the first press brings the film back.
  if (editor().pair !== null && !BESIDE_FILM.has(name)) {
    endPair()
    return
  }
  ACTIONS[name]()
}
