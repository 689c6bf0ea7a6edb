import { useTranslation } from 'react-i18next'
import type {
  EditSegmentRec,
  RegenerateSegmentRec,
  StyliseSegmentRec,
} from '../../shared/document/model.js'
import { chooseTool } from '../state/actions.js'
import { maskName } from '../state/startVerb.js'
import { newMask } from '../state/editing.js'
import type { Focus } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { Segmented } from '../ui/Choice.js'
import { Slider } from '../ui/Slider.js'

/** An edit that works with a mask or without one. */
type RegionFocus = Focus & {
  readonly segment: EditSegmentRec | RegenerateSegmentRec | StyliseSegmentRec
}

/** Confines the edit to a fresh mask, or to all outside of it, and takes the brush in hand. */
export async function confineToMask(
  focus: RegionFocus,
  { inverted }: { readonly inverted: boolean } = { inverted: false },
): Promise<void> {
  const { doc, dispatch } = useProject.getState()
  if (doc === null) return
  const mask = { ...newMask(doc, focus, { mask: maskName }), inverted }
  const changes = { maskId: mask.id }
  await dispatch([
    { type: 'mask.add', mask },
    { type: 'segment.update', id: focus.segment.id, changes },
  ])
  useEditor.getState().set({ selectedMaskId: mask.id, showMask: true })
  chooseTool('brush')
}

/** Where an edit works: on the whole frame, or under its mask. */
export function Region({
  focus,
  inverted = false,
  onFeather,
}: {
  readonly focus: RegionFocus
  /** A fresh mask says where the edit does not work. */
  readonly inverted?: boolean
  readonly onFeather: (feather: number, gesture: string) => void
}) {
  const { t } = useTranslation()
  const dispatch = useProject((state) => state.dispatch)
  const { segment } = focus
  const { feather } = segment.params
  return (
    <>
      <Segmented
        label={t('edit.region')}
        value={segment.maskId === null ? 'all' : 'mask'}
        options={[
          { value: 'all', label: t('edit.everywhere') },
          { value: 'mask', label: t('edit.masked') },
        ]}
        onChange={(next) => {
          if (next === 'mask') void confineToMask(focus, { inverted })
          else {
            const changes = { maskId: null }
            void dispatch([{ type: 'segment.update', id: segment.id, changes }])
          }
        }}
      />
      {segment.maskId !== null && (
        <Slider
          label={t('edit.feather')}
          value={feather}
          min={0}
          max={60}
          text={t('common.pixels', { value: feather })}
          onChange={onFeather}
        />
      )}
    </>
  )
}
