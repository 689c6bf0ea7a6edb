import { create } from 'zustand'
import { beneathNow } from '../../shared/document/stale.js'
import { recordOf } from '../../shared/document/model.js'
import type { EditSegmentRec, Id, MaskRec, ProjectDoc } from '../../shared/document/model.js'
import type { Subjects } from '../../shared/grade/plan.js'
import { paintsSubject } from '../../shared/grade/subject.js'
import { bridge } from '../bridge/index.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'

/** The colours that the edit in preview paints over, as core measures them for its take. */
interface Measured {
  readonly segmentId: Id | null
  /** Which operations they belong to. */
  readonly shape: string
  readonly subjects: Subjects
  readonly busy: boolean
}

const NONE: Subjects = []
const NOTHING: Measured = { segmentId: null, shape: '', subjects: NONE, busy: false }

export const useSubjects = create<Measured>()(() => NOTHING)

/** Milliseconds of quiet before something is measured: a stroke is many changes. */
const QUIET = 300

/** The colours for an edit, as long as they were measured for operations like these. */
export function subjectsOf({ id, params }: EditSegmentRec): Subjects {
  const { segmentId, shape, subjects } = useSubjects.getState()
  return segmentId === id && shape === shapeOf(params.operations) ? subjects : NONE
}

/**
 * Measures again whenever what decides the colours changes: the edit in preview, its mask, its
 * range, the takes below it.
 *
 * @returns stops it
 */
export function watchSubjects(): () => void {
  let known = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  let latest = 0

  const measure = async (segment: EditSegmentRec, key: string): Promise<void> => {
    const turn = (latest += 1)
    useSubjects.setState({ busy: true })
    // A failure (an empty mask, a file that is gone) is told where the edit is started.
    const measured = await bridge.call('edit.subjects', { segmentId: segment.id }).catch(() => null)
    if (turn !== latest || key !== known) return
    const shape = shapeOf(segment.params.operations)
    const subjects = measured?.subjects ?? []
    useSubjects.setState({ segmentId: segment.id, shape, subjects, busy: false })
  }

  const look = (): void => {
    const { doc } = useProject.getState()
    const segment = doc && recordOf(doc, 'segment', useEditor.getState().previewEditId)
    const edit = segment?.verb === 'edit' ? segment : null
    const masked = edit !== null && edit.maskId !== null
    const paints = edit?.params.operations.some((one) => paintsSubject(one, masked)) === true
    const key = doc === null || edit === null || !paints ? '' : keyOf(doc, edit)
    if (key === known) return
    known = key
    clearTimeout(timer)
    if (edit === null || key === '') {
      latest += 1
      useSubjects.setState(NOTHING)
    } else timer = setTimeout(() => void measure(edit, key), QUIET)
  }

  const stops = [useProject.subscribe(look), useEditor.subscribe(look)]
  look()
  return () => {
    clearTimeout(timer)
    latest += 1
    for (const stop of stops) stop()
  }
}

function shapeOf(operations: EditSegmentRec['params']['operations']): string {
  return JSON.stringify(operations.map((one) => [one.kind, 'only' in one ? one.only : null]))
}

function keyOf(doc: ProjectDoc, segment: EditSegmentRec): string {
  const mask = recordOf(doc, 'mask', segment.maskId)
  const below = beneathNow(doc, segment, segment)
  const { id, from, to, params } = segment
  return JSON.stringify([
    ...[id, from, to, shapeOf(params.operations), below],
    mask === undefined ? null : [numberOf(mask.keyframes), shapeSettings(mask)],
  ])
}

function shapeSettings({ between, feather, grow, inverted }: MaskRec): readonly unknown[] {
  return [between, feather, grow, inverted]
}

/** Writing all strokes out on every change would cost more than measuring. */
const numbers = new WeakMap<object, number>()
let counter = 0
function numberOf(keyframes: object): number {
  const known = numbers.get(keyframes)
  if (known !== undefined) return known
  numbers.set(keyframes, (counter += 1))
  return counter
}
