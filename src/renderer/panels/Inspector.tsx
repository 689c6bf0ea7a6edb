import { MousePointerClick, Palette, WandSparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { recordOf, recordsOf } from '../../shared/document/model.js'
import { timecode } from '../../shared/rational.js'
import { startEdit, startRemoval } from '../state/actions.js'
import { segmentsOf } from '../state/editing.js'
import type { Focus } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { useFocus } from '../state/focus.js'
import { useProject } from '../state/project.js'
import { AnimatePanel } from '../generate/AnimatePanel.js'
import { useFormat } from '../ui/format.js'
import { Button } from '../ui/Button.js'
import { Section } from '../ui/Section.js'
import { EditPanel } from '../edit/EditPanel.js'
import { MaskPanel } from './MaskPanel.js'
import { ProofPanel } from './ProofPanel.js'
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
      {segment?.verb === 'edit' && <EditPanel key={segment.id} focus={{ ...focus, segment }} />}
      {segment && <TakesPanel segment={segment} asset={focus.asset} />}
      {segment?.verb === 'remove' && <ProofPanel focus={{ ...focus, segment }} />}
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
  const subjects = new Map(
    segments.map((segment) => {
      const mask = doc === null ? undefined : recordOf(doc, 'mask', segment.maskId)
      return [segment.id, segment.verb === 'edit' ? segment.params.prompt : mask?.name]
    }),
  )
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
                {segment.verb === 'edit' ? <Palette aria-hidden /> : <WandSparkles aria-hidden />}
                <span className="edit-row-text">
                  {t(`timeline.verb.${segment.verb}`)}
                  {subjects.get(segment.id) ? ` · ${subjects.get(segment.id) ?? ''}` : ''}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {focus.segment ? (
        <div className="verb-row">
          <Button icon={<WandSparkles aria-hidden />} onClick={() => void startRemoval()}>
            {t('inspector.newRemove')}
          </Button>
          <Button icon={<Palette aria-hidden />} onClick={() => void startEdit()}>
            {t('inspector.newEdit')}
          </Button>
        </div>
      ) : (
        <>
          <button type="button" className="verb" onClick={() => void startRemoval()}>
            <WandSparkles aria-hidden />
            <span>
              <span className="verb-name">{t('inspector.remove')}</span>
              <span className="hint">{t('inspector.removeHint')}</span>
            </span>
          </button>
          <button type="button" className="verb" onClick={() => void startEdit()}>
            <Palette aria-hidden />
            <span>
              <span className="verb-name">{t('inspector.edit')}</span>
              <span className="hint">{t('inspector.editHint')}</span>
            </span>
          </button>
        </>
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
