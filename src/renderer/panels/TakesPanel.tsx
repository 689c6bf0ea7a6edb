import { Check, Columns2, Ellipsis, Eye, EyeOff, Film, RefreshCw, Trash2 } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { AssetRec, SegmentRec, TakeRec } from '../../shared/document/model.js'
import { fitsBeneath, staleLayers } from '../../shared/document/stale.js'
import { isSeamVisible } from '../../shared/takeProof.js'
import { TAKE_FILES } from '../../shared/projectPaths.js'
import { bridge } from '../bridge/index.js'
import { acceptTake, auditionTake, compareTake } from '../state/actions.js'
import { takesOf } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { isKind, useJobs } from '../state/jobs.js'
import { useProject } from '../state/project.js'
import { useTakeFacts } from '../state/takeFiles.js'
import { updateTakes, useUpdating } from '../state/updating.js'
import { Button, IconButton } from '../ui/Button.js'
import { useFormat } from '../ui/format.js'
import { Menu } from '../ui/Menu.js'
import { Section } from '../ui/Section.js'
import { StaleBadge } from './LayerList.js'
import { takeName } from './takeName.js'
import { TakeSureness } from './TakeSureness.js'

/** The results of an edit, to look at, to compare, and to use. */
export function TakesPanel({
  segment,
  asset,
}: {
  readonly segment: SegmentRec
  readonly asset: AssetRec
}) {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const takes = doc === null ? [] : takesOf(doc, segment.id).toReversed()
  const stale = doc === null ? [] : staleLayers(doc, segment.clipId)
  if (takes.length === 0) return null
  return (
    <Section title={t('takes.title')}>
      <ul className="takes">
        {takes.map((take) => (
          <TakeCard
            key={take.id}
            take={take}
            segment={segment}
            asset={asset}
            alone={takes.length === 1}
            stale={
              take.id === segment.acceptedTakeId
                ? stale.some((layer) => layer.take.id === take.id)
                : doc !== null && !fitsBeneath(doc, take)
            }
          />
        ))}
        <li
          className="take take-source"
          aria-current={segment.acceptedTakeId === null ? 'true' : undefined}
        >
          <Film aria-hidden />
          <span className="take-name">{t('takes.source')}</span>
          {segment.acceptedTakeId === null ? (
            <InUse />
          ) : (
            <Button onClick={() => void acceptTake(segment.id, null)}>
              {t('takes.backToSource')}
            </Button>
          )}
        </li>
      </ul>
    </Section>
  )
}

function InUse() {
  const { t } = useTranslation()
  return (
    <span className="in-use">
      <Check aria-hidden />
      {t('takes.inUse')}
    </span>
  )
}

function TakeCard({
  take,
  segment,
  asset,
  alone,
  stale,
}: {
  readonly take: TakeRec
  readonly segment: SegmentRec
  readonly asset: AssetRec
  /** There is no other take to compare it with. */
  readonly alone: boolean
  /** It was made on something other than what lies below now. */
  readonly stale: boolean
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const dispatch = useProject((state) => state.dispatch)
  const shown = useEditor((state) => state.auditionTakeId === take.id)
  const used = segment.acceptedTakeId === take.id
  const card = useRef<HTMLLIElement>(null)
  useEffect(() => (shown && card.current !== null ? keepInView(card.current) : undefined), [shown])
  return (
    <li
      ref={card}
      className={shown ? 'take take-shown' : 'take'}
      aria-current={used ? 'true' : undefined}
    >
      <div className="take-picture">
        <img
          src={bridge.mediaUrl(`${take.path}/${TAKE_FILES.thumb}`)}
          alt=""
          width={asset.info.width}
          height={asset.info.height}
        />
        <span className="badge">{t('takes.ai')}</span>
      </div>
      <div className="take-text">
        <div className="card-line">
          <span className="take-name">{takeName(take, t)}</span>
          <Menu
            align="end"
            trigger={
              <IconButton label={t('takes.more', { name: takeName(take, t) })}>
                <Ellipsis />
              </IconButton>
            }
            entries={[
              ...(alone
                ? []
                : [
                    {
                      label: t('takes.compare'),
                      icon: <Columns2 />,
                      onSelect: () => compareTake(take),
                    },
                  ]),
              {
                label: t('takes.delete'),
                icon: <Trash2 />,
                danger: true,
                onSelect: () => void dispatch([{ type: 'take.remove', id: take.id }]),
              },
            ]}
          />
        </div>
        {stale && (
          <p className="hint take-stale">
            <StaleBadge /> {t(used ? 'takes.staleHint' : 'takes.staleOther')}
          </p>
        )}
        {(take.from > segment.from || take.to < segment.to) && (
          <p className="hint">
            {t('takes.partial', {
              from: Math.max(0, take.from - segment.from) + 1,
              to: Math.min(segment.to, take.to) - segment.from,
              total: segment.to - segment.from,
            })}
          </p>
        )}
        {segment.verb === 'replace' || segment.verb === 'regenerate' ? (
          // Sureness would mean nothing where all of it is made up.
          <p className="hint">{t('takes.invented')}</p>
        ) : (
          <TakeSureness confidence={take.confidence} />
        )}
        <TakeEdge take={take} />
      </div>
      <p className="hint take-made">
        {t('takes.made', {
          date: format.date(take.createdAt),
          duration: format.duration(take.seconds),
        })}
      </p>
      <div className="take-actions">
        <Button
          icon={shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
          aria-pressed={shown}
          onClick={() => auditionTake(shown ? null : take)}
        >
          {shown ? t('takes.stopAudition') : t('takes.audition')}
        </Button>
        {used ? (
          <InUse />
        ) : (
          <Button variant="primary" onClick={() => void acceptTake(segment.id, take.id)}>
            {t('takes.accept')}
          </Button>
        )}
        {used && stale && <UpdateButton take={take} segment={segment} />}
      </div>
    </li>
  )
}

/** Whether the edge of what was filled in is likely to be seen, by the frames that were measured. */
function TakeEdge({ take }: { readonly take: TakeRec }) {
  const { t } = useTranslation()
  const checked = useJobs((state) =>
    state.jobs.findLast(
      (one) => isKind(one, 'proof') && one.input.takeId === take.id && one.status === 'succeeded',
    ),
  )
  const seam = useTakeFacts(take, checked?.id).confidence?.proof?.seam.filter((one) => one !== null)
  if (seam === undefined || seam.length === 0) return null
  const count = seam.filter(isSeamVisible).length
  return (
    <p className="hint" title={t('takes.edgeHint')}>
      {count === 0
        ? t('takes.edgeUnseen', { count: seam.length })
        : t('takes.edgeSeen', { count, total: seam.length })}
    </p>
  )
}

/**
 * A take that has just been made waits below its settings: the way to use it has to be seen, also
 * when what is to be said about it comes in above it. Until the person takes over.
 */
function keepInView(card: Element): () => void {
  const panel = card.closest('.scroll')
  const show = (): void => card.scrollIntoView({ block: 'nearest' })
  const watch = new ResizeObserver(show)
  const stop = (): void => watch.disconnect()
  show()
  for (const child of panel?.children ?? []) watch.observe(child)
  for (const event of HANDS_ON) panel?.addEventListener(event, stop, { once: true })
  return () => {
    stop()
    for (const event of HANDS_ON) panel?.removeEventListener(event, stop)
  }
}

const HANDS_ON = ['wheel', 'pointerdown', 'keydown'] as const

/** Runs the recipe of the take in use again, on what lies below now. */
function UpdateButton({ take, segment }: { readonly take: TakeRec; readonly segment: SegmentRec }) {
  const { t } = useTranslation()
  const format = useFormat()
  const updating = useUpdating(segment.clipId)
  return (
    <Button
      variant="primary"
      icon={<RefreshCw aria-hidden />}
      disabled={updating}
      title={t('takes.updateHint', { duration: format.duration(take.seconds) })}
      onClick={() => void updateTakes(segment.clipId, segment.id)}
    >
      {updating ? t('takes.updating') : t('takes.update')}
    </Button>
  )
}
