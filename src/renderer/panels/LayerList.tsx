import { ArrowDown, ArrowUp, CircleAlert, RefreshCw } from 'lucide-react'
import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { layerOrder } from '../../shared/document/layerOrder.js'
import { staleLayers } from '../../shared/document/stale.js'
import type { Id, ProjectDoc, SegmentRec } from '../../shared/document/model.js'
import { closeSpeed } from '../speed/draft.js'
import type { Focus } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { updateTakes, useUpdating } from '../state/updating.js'
import { Button, IconButton } from '../ui/Button.js'
import { useFormat } from '../ui/format.js'
import { segmentName } from './jobText.js'
import { useLayerDrag } from './useLayerDrag.js'
import { verbIcon } from './verbs.js'

type Direction = 'up' | 'down'

/** The edits of a clip as they lie on each other, the uppermost first: to take in hand, to re-order. */
export function LayerList({ doc, focus }: { readonly doc: ProjectDoc; readonly focus: Focus }) {
  const { t } = useTranslation()
  const dispatch = useProject((state) => state.dispatch)
  const clipId = focus.clip.id
  const rows = useMemo(() => layerOrder(doc, clipId).reverse(), [doc, clipId])
  const stale = useMemo(() => staleLayers(doc, clipId), [doc, clipId])
  const [told, setTold] = useState('')
  const list = useRef<HTMLUListElement>(null)
  const pressed = useRef<{ readonly id: Id; readonly direction: Direction } | null>(null)

  const move = (id: Id, to: number): void => {
    const others = rows.filter((one) => one.id !== id)
    const segment = rows.find((one) => one.id === id)
    if (segment === undefined || to < 0 || to > others.length || rows[to] === segment) return
    void dispatch([{ type: 'segment.move', id, above: others[to]?.id ?? null }])
    const name = nameOf(segment)
    setTold(t('layers.moved', { name, place: to + 1, count: rows.length }))
  }
  const drag = useLayerDrag(move)
  const nameOf = (segment: SegmentRec): string => segmentName(doc, segment, t)

  // A row that moves takes the focus along: pressing again goes on.
  useLayoutEffect(() => {
    if (pressed.current === null) return
    const { id, direction } = pressed.current
    pressed.current = null
    list.current?.querySelector<HTMLElement>(`[data-move="${id} ${direction}"]`)?.focus()
  }, [rows])

  return (
    <>
      {rows.length > 1 && (
        <ul className="edits" aria-label={t('layers.title')} ref={list}>
          {rows.map((segment, place) => (
            <li
              key={segment.id}
              className={`edit-line ${drag.lookOf(place)}`}
              {...drag.row(segment.id, place)}
            >
              <LayerRow
                name={nameOf(segment)}
                segment={segment}
                focus={focus}
                stale={stale.some((one) => one.segment.id === segment.id)}
              />
              {(['up', 'down'] as const).map((direction) => (
                <IconButton
                  key={direction}
                  label={t(`layers.${direction}`, { name: nameOf(segment) })}
                  disabled={direction === 'up' ? place === 0 : place === rows.length - 1}
                  data-move={`${segment.id} ${direction}`}
                  onClick={() => {
                    pressed.current = { id: segment.id, direction }
                    move(segment.id, direction === 'up' ? place - 1 : place + 1)
                  }}
                >
                  {direction === 'up' ? <ArrowUp /> : <ArrowDown />}
                </IconButton>
              ))}
            </li>
          ))}
        </ul>
      )}
      <p className="hidden" role="status">
        {told}
      </p>
      {stale.length > 0 && (
        <UpdateAll clipId={clipId} seconds={stale.map(({ take }) => take.seconds)} />
      )}
    </>
  )
}

/** One edit of the clip, to take in hand. */
function LayerRow({
  name,
  segment,
  focus,
  stale,
}: {
  readonly name: string
  readonly segment: SegmentRec
  readonly focus: Focus
  readonly stale: boolean
}) {
  const set = useEditor((state) => state.set)
  const Icon = verbIcon(segment)
  return (
    <button
      type="button"
      className="edit-row"
      aria-current={segment.id === focus.segment?.id ? 'true' : undefined}
      onClick={() => {
        closeSpeed()
        set({
          selectedClipId: focus.clip.id,
          selectedSegmentId: segment.id,
          selectedMaskId: segment.maskId,
          auditionTakeId: null,
        })
      }}
    >
      <Icon aria-hidden />
      <span className="edit-row-text" title={name}>
        {name}
      </span>
      {stale && <StaleBadge brief />}
    </button>
  )
}

/**
 * Says that a take no longer fits what lies below it.
 *
 * @param brief as a sign alone, where words would take the room of a name; they are read aloud still
 */
export function StaleBadge({ brief = false }: { readonly brief?: boolean }) {
  const { t } = useTranslation()
  const name = t('takes.stale')
  return (
    <span
      className="stale"
      title={brief ? `${name}. ${t('takes.staleHint')}` : t('takes.staleHint')}
    >
      <CircleAlert aria-hidden />
      <span className={brief ? 'hidden' : undefined}>{name}</span>
    </span>
  )
}

function UpdateAll({
  clipId,
  seconds,
}: {
  readonly clipId: Id
  readonly seconds: readonly number[]
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const updating = useUpdating(clipId)
  const all = seconds.reduce((sum, one) => sum + one, 0)
  return (
    <div className="callout stale-note">
      <p>{t('layers.stale', { count: seconds.length })}</p>
      <p className="hint">{t('layers.updateAllHint', { duration: format.duration(all) })}</p>
      <Button
        className="wide"
        icon={<RefreshCw aria-hidden />}
        disabled={updating}
        onClick={() => void updateTakes(clipId)}
      >
        {updating ? t('takes.updating') : t('layers.updateAll')}
      </Button>
    </div>
  )
}
