import { MousePointerClick, WandSparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { recordOf, recordsOf } from '../../shared/document/model.js'
import { timecode } from '../../shared/rational.js'
import { startRemoval } from '../state/actions.js'
import { segmentsOf } from '../state/editing.js'
import type { Focus } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { useFocus } from '../state/focus.js'
import { useProject } from '../state/project.js'
import { AnimatePanel } from '../generate/AnimatePanel.js'
import { useFormat } from '../ui/format.js'
import { Section } from '../ui/Section.js'
import { MaskPanel } from './MaskPanel.js'
import { RemovePanel } from './RemovePanel.js'
import { TakesPanel } from './TakesPanel.js'

/** What can be done with the clip in hand, and the settings of what is being done. */
export function Inspector() {
  const { t } = useTranslation()
  const focus = useFocus()
  const hasClips = useProject(
    (state) => state.doc !== null && recordsOf(state.doc, 'clip').length > 0,
  )
  if (focus === undefined) {
    return (
      <div className="empty">
        <MousePointerClick aria-hidden />
        <p>{t('inspector.empty')}</p>
        <p className="hint">{hasClips ? t('inspector.emptyHint') : t('inspector.importHint')}</p>
      </div>
    )
  }
  const { segment, mask } = focus
  return (
    <div className="scroll">
      <Verbs focus={focus} />
      {focus.asset.info.kind === 'image' && <AnimatePanel key={focus.asset.id} focus={focus} />}
      {segment?.verb === 'remove' && mask && (
        <RemovePanel key={segment.id} focus={{ ...focus, segment, mask }} />
      )}
      {segment && <TakesPanel segment={segment} asset={focus.asset} />}
      {mask && <MaskPanel key={mask.id} focus={{ ...focus, mask }} />}
      <ClipFacts focus={focus} />
    </div>
  )
}

function Verbs({ focus }: { readonly focus: Focus }) {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const set = useEditor((state) => state.set)
  const segments = doc === null ? [] : segmentsOf(doc, focus.clip.id)
  const maskNames = new Map(
    segments.map(({ id, maskId }) => {
      return [id, doc === null ? '' : (recordOf(doc, 'mask', maskId)?.name ?? '')]
    }),
  )
  if (focus.segment && segments.length < 2) return null
  return (
    <section className="verbs" aria-label={t('inspector.verbs')}>
      {segments.length > 1 && (
        <ul className="edits" aria-label={t('inspector.edits')}>
          {segments.map((segment) => (
            <li key={segment.id}>
              <button
                type="button"
                className="edit-row"
                aria-current={segment.id === focus.segment?.id ? 'true' : undefined}
                onClick={() =>
                  set({
                    selectedClipId: focus.clip.id,
                    selectedSegmentId: segment.id,
                    selectedMaskId: segment.maskId,
                    auditionTakeId: null,
                  })
                }
              >
                <WandSparkles aria-hidden />
                {t('inspector.remove')} · {maskNames.get(segment.id)}
              </button>
            </li>
          ))}
        </ul>
      )}
      {!focus.segment && (
        <button type="button" className="verb" onClick={() => void startRemoval()}>
          <WandSparkles aria-hidden />
          <span>
            <span className="verb-name">{t('inspector.remove')}</span>
            <span className="hint">{t('inspector.removeHint')}</span>
          </span>
        </button>
      )}
    </section>
  )
}

function ClipFacts({ focus }: { readonly focus: Focus }) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useProject((state) => state.doc?.meta)
  if (meta === undefined) return null
  const { clip, asset } = focus
  const facts: readonly (readonly [string, string, boolean])[] = [
    [t('inspector.source'), asset.name, false],
    [
      t('inspector.range'),
      t('remove.rangeValue', {
        from: timecode(clip.start, meta.fps),
        to: timecode(clip.start + clip.length, meta.fps),
      }),
      true,
    ],
    [t('inspector.length'), t('common.frames', { count: clip.length }), false],
    [
      t('inspector.picture'),
      `${t('common.size', { width: asset.info.width, height: asset.info.height })} · ${t('common.fps', { value: format.fps(asset.info.fps) })}`,
      false,
    ],
    [t('inspector.codec'), `${asset.info.videoCodec} ${asset.info.pixelFormat}`, false],
  ]
  return (
    <Section title={t('inspector.clip')} startOpen={focus.segment === undefined}>
      <dl className="facts">
        {facts.map(([name, value, mono]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={mono ? 'mono' : undefined}>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
