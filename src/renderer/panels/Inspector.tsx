import { Gauge, MousePointerClick } from 'lucide-react'
import { memo, useRef } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { recordsOf } from '../../shared/document/model.js'
import type { AssetRec } from '../../shared/document/model.js'
import { liesOver } from '../../shared/document/overlays.js'
import { timecode } from '../../shared/rational.js'
import { usePair } from '../compare/comparing.js'
import { PairPanel } from '../compare/PairPanel.js'
import type { Focus } from '../state/editing.js'
import { useFocus } from '../state/focus.js'
import { useProject } from '../state/project.js'
import { AnimatePanel } from '../generate/AnimatePanel.js'
import { RepaintPanel } from '../generate/RepaintPanel.js'
import { useFormat } from '../ui/format.js'
import type { Format } from '../ui/format.js'
import { Button } from '../ui/Button.js'
import { Section } from '../ui/Section.js'
import { SpeedPanel } from '../speed/SpeedPanel.js'
import { closeSpeed, openSpeed, useSpeed } from '../speed/draft.js'
import { EditPanel } from '../edit/EditPanel.js'
import { StylePanel } from '../style/StylePanel.js'
import { MaskPanel } from './MaskPanel.js'
import { OverlayPanel } from './OverlayPanel.js'
import { ProofPanel } from './ProofPanel.js'
import { RemovePanel } from './RemovePanel.js'
import { TakesPanel } from './TakesPanel.js'
import { LayerList } from './LayerList.js'
import { VERBS } from './verbs.js'

/** What can be done with the clip in hand, and the settings of what is being done. */
export function Inspector() {
  const { t } = useTranslation()
  const panel = useRef<HTMLDivElement>(null)
  const reveal = (): void => bringIntoView(panel.current)
  const focus = useFocus()
  const pair = usePair()
  const speeding = useSpeed((state) => state.clipId !== null && state.clipId === focus?.clip.id)
  const hasClips = useProject(
    (state) => state.doc !== null && recordsOf(state.doc, 'clip').length > 0,
  )
  const isOverlay = useProject(
    (state) => state.doc !== null && focus !== undefined && liesOver(state.doc, focus.clip),
  )
  if (pair !== null) return <PairPanel pair={pair} />
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
  if (speeding) {
    return (
      <div className="scroll" ref={panel}>
        <Verbs focus={focus} isOverlay={isOverlay} onStart={reveal} compact />
        <SpeedPanel key={focus.clip.id} focus={focus} />
        <ClipFacts clip={focus.clip} asset={focus.asset} startOpen={segment === undefined} />
      </div>
    )
  }
  return (
    <div className="scroll" ref={panel}>
      {isOverlay && <OverlayPanel key={focus.clip.id} focus={focus} />}
      {/* What a still is mostly there for is to be set in motion: that comes next, and in view. */}
      <Verbs
        focus={focus}
        isOverlay={isOverlay}
        onStart={reveal}
        compact={focus.asset.info.kind === 'image'}
      />
      {focus.asset.info.kind === 'image' && <AnimatePanel key={focus.asset.id} focus={focus} />}
      {segment?.verb === 'remove' && mask && (
        <RemovePanel key={segment.id} focus={{ ...focus, segment, mask }} />
      )}
      {segment?.verb === 'edit' && <EditPanel key={segment.id} focus={{ ...focus, segment }} />}
      {segment?.verb === 'stylise' && <StylePanel key={segment.id} focus={{ ...focus, segment }} />}
      {(segment?.verb === 'replace' || segment?.verb === 'regenerate') && (
        <RepaintPanel key={segment.id} focus={{ ...focus, segment }} />
      )}
      {segment && <TakesPanel segment={segment} asset={focus.asset} />}
      {segment &&
        segment.verb !== 'edit' &&
        segment.verb !== 'stylise' &&
        segment.maskId !== null && <ProofPanel focus={{ ...focus, segment }} />}
      {mask && <MaskPanel key={mask.id} focus={{ ...focus, mask }} />}
      <ClipFacts clip={focus.clip} asset={focus.asset} startOpen={segment === undefined} />
    </div>
  )
}

/** Share of the panel that may lie above the settings of what has just been begun. */
const ROOM_ABOVE = 0.5

/**
 * Under many edits the settings of a new one would begin where a small screen ends: then they come up.
 * A still has those of its motion first.
 */
function bringIntoView(panel: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const sections = [...(panel?.querySelectorAll('.verbs ~ .section') ?? [])]
    const run = sections.findLast((one) => one.querySelector('.tall') !== null) ?? sections[0]
    if (panel === null || run === undefined) return
    const above = run.getBoundingClientRect().top - panel.getBoundingClientRect().top
    if (above > ROOM_ABOVE * panel.clientHeight) panel.scrollTop += above
  })
}

function Verbs({
  focus,
  isOverlay,
  onStart,
  compact = false,
}: {
  readonly focus: Focus
  readonly isOverlay: boolean
  /** Something has been begun, and its settings are below. */
  readonly onStart: () => void
  readonly compact?: boolean
}) {
  const { t } = useTranslation()
  const begin = (start: () => Promise<unknown>): void => {
    closeSpeed()
    void start().then(onStart)
  }
  const speed = (): void => {
    openSpeed(focus.clip.id)
    onStart()
  }
  const verbs = VERBS.filter(({ paints }) => !(paints && isOverlay))
  const doc = useProject((state) => state.doc)
  return (
    <section className="verbs" aria-label={t('inspector.verbs')}>
      {doc !== null && <LayerList doc={doc} focus={focus} />}
      {focus.segment || compact ? (
        <div className="verb-row">
          {verbs.map(({ name, icon: Icon, start }) => (
            <Button key={name} icon={<Icon aria-hidden />} onClick={() => begin(start)}>
              {t(`inspector.verb.${name}.name`)}
            </Button>
          ))}
          <Button icon={<Gauge aria-hidden />} onClick={speed}>
            {t('inspector.verb.speed.name')}
          </Button>
        </div>
      ) : (
        <>
          {verbs.map(({ name, icon: Icon, start }) => (
            <button key={name} type="button" className="verb" onClick={() => begin(start)}>
              <Icon aria-hidden />
              <span>
                <span className="verb-name">{t(`inspector.verb.${name}.name`)}</span>
                <span className="hint">{t(`inspector.verb.${name}.hint`)}</span>
              </span>
            </button>
          ))}
          <button type="button" className="verb" onClick={speed}>
            <Gauge aria-hidden />
            <span>
              <span className="verb-name">{t('inspector.verb.speed.name')}</span>
              <span className="hint">{t('inspector.verb.speed.hint')}</span>
            </span>
          </button>
        </>
      )}
    </section>
  )
}

const ClipFacts = memo(function ClipFacts({
  clip,
  asset,
  startOpen,
}: Pick<Focus, 'clip' | 'asset'> & { readonly startOpen: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useProject((state) => state.doc?.meta)
  if (meta === undefined) return null
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
    [t('inspector.picture'), pictureFacts(asset, t, format), false],
    [t('inspector.codec'), `${asset.info.videoCodec} ${asset.info.pixelFormat}`, false],
  ]
  return (
    <Section title={t('inspector.clip')} startOpen={startOpen}>
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
})

/** Size and rate; a still has no rate. */
function pictureFacts({ info }: AssetRec, t: TFunction, format: Format): string {
  const size = t('common.size', { width: info.width, height: info.height })
  if (info.kind === 'image') return size
  return `${size} · ${t('common.fps', { value: format.fps(info.fps) })}`
}
