import i18next from 'i18next'
import { AppError } from '../shared/contract/errors.js'
import type { Job } from '../shared/contract/job.js'
import { recordOf } from '../shared/document/model.js'
import type { Id } from '../shared/document/model.js'
import { bridge } from './bridge/index.js'
import { followPair, showClip } from './compare/comparing.js'
import { startI18n } from './i18n/index.js'
import { listenToKeys } from './keyboard.js'
import { fileName, jobTitle } from './panels/jobText.js'
import { auditionTake, runAction } from './state/actions.js'
import { arrive, watchHands } from './state/arriving.js'
import { useApp } from './state/app.js'
import { useEditor } from './state/editor.js'
import { followPlayhead } from './state/followPlayhead.js'
import { isKind, makesTake, useJobs } from './state/jobs.js'
import { closeSpeed } from './speed/draft.js'
import { applyPreferences, loadPreferences } from './state/preferences.js'
import { useProject } from './state/project.js'
import { lookAfterFirstPass, suggestLeftovers } from './state/leftovers.js'
import { isStopped } from './state/stopped.js'
import { dismissNotes, showError, showNote } from './state/toasts.js'

/** Everything that happens once before the first picture: language, theme, keys, the line to core. */
export async function start(): Promise<void> {
  const preferences = loadPreferences()
  await startI18n(preferences.language)
  await applyPreferences(preferences)
  listenToKeys()
  watchHands()
  bridge.on('menu', ({ action }) => runAction(action))
  useProject.subscribe((state, before) => {
    if (state.folder === before.folder) return
    forgetSelection()
    dismissNotes()
  })
  followPlayhead()
  followPair()
  useProject.getState().connect()
  useJobs.getState().connect(onJobEnd)
  bridge.call('app.info', {}).then((info) => useApp.setState({ info }), showError)
}

/** Another project is another film: nothing that was held in the old one means anything in it. */
function forgetSelection(): void {
  useEditor.getState().set({
    playhead: 0,
    shuttle: 0,
    range: null,
    selectedClipId: null,
    selectedSegmentId: null,
    selectedMaskId: null,
    auditionTakeId: null,
    previewEditId: null,
    tool: 'select',
    compare: 'off',
    against: null,
    pair: null,
  })
}

/** What a message about a job names. */
function subjectOf(job: Job): string {
  if (isKind(job, 'import')) return job.input.name ?? fileName(job.input.path)
  return jobTitle(job, useProject.getState().doc, i18next.t)
}

/** Says that a clip has come in, and offers to show it where it is not on screen already. */
function noteArrival(
  note: 'imported' | 'generated',
  clipId: Id | null,
  values: Readonly<Record<string, string>>,
  waiting: Parameters<typeof arrive>[1],
): void {
  const isShown = arrive(clipId, waiting)
  showNote(note, values, isShown || clipId === null ? undefined : () => showClip(clipId))
}

/** A finished job shows its result where the person is looking; a failed one says so. */
function onJobEnd(job: Job): void {
  if (job.status === 'failed') {
    // What the end of the app stopped halfway is offered in a banner.
    if (isStopped(job) && job.error?.code === 'job-interrupted') return
    if (job.error) showError(AppError.from(job.error), subjectOf(job))
    return
  }
  if (job.status !== 'succeeded') return
  if (isKind(job, 'import') && job.result) {
    noteArrival('imported', job.result.clipId, { name: subjectOf(job) }, {})
  }
  if ((isKind(job, 'generate') || isKind(job, 'animate')) && job.result) {
    const waiting = isKind(job, 'animate') ? { madeFrom: job.input.assetId } : { job }
    noteArrival('generated', job.result.clipId, {}, waiting)
  }
  if (isKind(job, 'retime') && job.result) {
    const { clipId } = job.result
    showNote(clipId === null ? 'retimedAside' : 'retimed')
    const { selectedClipId, set } = useEditor.getState()
    // What was in hand is gone from the timeline: its successor takes its place.
    if (clipId !== null && (selectedClipId === null || selectedClipId === job.input.clipId)) {
      closeSpeed()
      set({ selectedClipId: clipId, selectedSegmentId: null, selectedMaskId: null })
    }
  }
  if (isKind(job, 'export') && job.result) {
    showNote('exported', { name: fileName(job.result.path) })
  }
  if (isKind(job, 'leftovers')) suggestLeftovers(job)
  // What is kept of a stopped run is a take to look at as well.
  if (isKind(job, 'keep') && job.result) {
    const { doc } = useProject.getState()
    const take = doc && recordOf(doc, 'take', job.result.takeId)
    if (take) auditionTake(take)
  }
  if (makesTake(job) && job.result) {
    const { doc } = useProject.getState()
    const take = doc && recordOf(doc, 'take', job.result.takeId)
    const isUpdate = job.input.again !== undefined
    showNote(isUpdate ? 'takeUpdated' : 'takeReady')
    // An update is in use already, and shows where it lies.
    if (isUpdate) return
    const looked = doc && recordOf(doc, 'take', useEditor.getState().auditionTakeId)
    // A take of another edit that is being looked at stays in view.
    if (take && (looked == null || looked.segmentId === take.segmentId)) auditionTake(take)
    if (isKind(job, 'remove')) lookAfterFirstPass(job.input.segmentId)
  }
}
