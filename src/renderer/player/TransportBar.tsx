import {
  ArrowLeftToLine,
  ArrowRightToLine,
  PanelLeftClose,
  PanelRightClose,
  Pause,
  Play,
  Scissors,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
  Volume1,
  Volume2,
  VolumeX,
  X,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { timecode } from '../../shared/rational.js'
import { usePair } from '../compare/comparing.js'
import { keysFor } from '../keymap.js'
import { runAction } from '../state/actions.js'
import type { ActionName } from '../state/actions.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { applyPreferences } from '../state/preferences.js'
import { IconButton } from '../ui/Button.js'
import { useFormat } from '../ui/format.js'
import { Menu } from '../ui/Menu.js'
import { Slider } from '../ui/Slider.js'
import { withVolume } from './loudness.js'
import { timelineLength } from '../../shared/document/timing.js'
import './transport.css'

const ZOOMS = [0.25, 0.5, 1, 2, 4, 8] as const

/** Under the viewer: moving through the film, where the playhead is, the range, the zoom. */
export function TransportBar() {
  const { t } = useTranslation()
  const playing = useEditor((state) => state.shuttle !== 0)
  const hasRange = useEditor((state) => state.range !== null)
  return (
    <div className="transport" role="toolbar" aria-label={t('transport.label')}>
      <PlayheadTime />
      <div className="transport-group">
        <ActionButton action="markIn" label={t('transport.markIn')}>
          <ArrowLeftToLine aria-hidden />
        </ActionButton>
        <ActionButton action="goToStart" label={t('transport.start')}>
          <SkipBack aria-hidden />
        </ActionButton>
        <ActionButton action="frameBack" label={t('transport.frameBack')}>
          <StepBack aria-hidden />
        </ActionButton>
        <ActionButton
          action="play"
          label={playing ? t('transport.pause') : t('transport.play')}
          className="transport-play"
        >
          {playing ? <Pause aria-hidden /> : <Play aria-hidden />}
        </ActionButton>
        <ActionButton action="frameForward" label={t('transport.frameForward')}>
          <StepForward aria-hidden />
        </ActionButton>
        <ActionButton action="goToEnd" label={t('transport.end')}>
          <SkipForward aria-hidden />
        </ActionButton>
        <ActionButton action="markOut" label={t('transport.markOut')}>
          <ArrowRightToLine aria-hidden />
        </ActionButton>
        <ActionButton action="split" label={t('shortcuts.split')}>
          <Scissors aria-hidden />
        </ActionButton>
        <ActionButton action="trimStart" label={t('shortcuts.trimStart')}>
          <PanelLeftClose aria-hidden />
        </ActionButton>
        <ActionButton action="trimEnd" label={t('shortcuts.trimEnd')}>
          <PanelRightClose aria-hidden />
        </ActionButton>
        {hasRange && (
          <ActionButton action="clearRange" label={t('transport.clearRange')}>
            <X aria-hidden />
          </ActionButton>
        )}
      </div>
      <div className="transport-right">
        <Volume />
        <ShuttleSpeed />
        <ZoomMenu />
        <Length />
      </div>
    </div>
  )
}

function ActionButton({
  action,
  label,
  className = '',
  children,
}: {
  readonly action: ActionName
  readonly label: string
  readonly className?: string
  readonly children: React.ReactNode
}) {
  const shortcut = keysFor(action)
  return (
    <IconButton
      label={label}
      side="top"
      className={className}
      onClick={() => runAction(action)}
      {...(shortcut === undefined ? {} : { shortcut })}
    >
      {children}
    </IconButton>
  )
}

/** Renders with every frame: kept small and apart. */
function PlayheadTime() {
  const { t } = useTranslation()
  const pair = usePair()
  const playhead = useEditor((state) => state.pair?.frame ?? state.playhead)
  const film = useProject((state) => state.doc?.meta.fps)
  const fps = pair?.fps ?? film
  const shown = fps === undefined ? '--:--:--:--' : timecode(playhead, fps)
  return (
    <div className="transport-time" role="timer" aria-label={t('transport.position')}>
      <span className="timecode">{shown}</span>
      <span className="transport-frame">{t('transport.frame', { frame: playhead })}</span>
    </div>
  )
}

function Length() {
  const { t } = useTranslation()
  const pair = usePair()
  const film = useProject(({ doc }) => doc && timecode(timelineLength(doc), doc.meta.fps))
  const text = pair === null ? film : timecode(pair.length, pair.fps)
  if (text === null) return null
  return (
    <span className="timecode transport-length" aria-label={t('transport.length')} role="note">
      {text}
    </span>
  )
}

/** How loud playback is; what is exported is as loud as it is. */
function Volume() {
  const { t } = useTranslation()
  const format = useFormat()
  const volume = useEditor((state) => state.volume)
  const muted = useEditor((state) => state.muted)
  const heard = muted ? 0 : volume
  const Icon = heard === 0 ? VolumeX : heard < 0.5 ? Volume1 : Volume2
  return (
    <div className="transport-volume">
      <ActionButton action="mute" label={muted ? t('transport.unmute') : t('transport.mute')}>
        <Icon aria-hidden />
      </ActionButton>
      <Slider
        label={t('transport.volume')}
        hideLabel
        value={Math.round(heard * 100)}
        min={0}
        max={100}
        text={format.percent(heard)}
        onChange={(value) => void applyPreferences(withVolume(value / 100))}
      />
    </div>
  )
}

function ShuttleSpeed() {
  const { t } = useTranslation()
  const shuttle = useEditor((state) => state.shuttle)
  if (shuttle === 0 || shuttle === 1) return null
  return (
    <span className="timecode transport-speed" aria-label={t('transport.speed')} role="note">
      {shuttle}×
    </span>
  )
}

function ZoomMenu() {
  const { t } = useTranslation()
  const zoom = useEditor((state) => state.viewerZoom)
  const set = useEditor((state) => state.set)
  const percent = (value: number): string => t('common.percent', { value: Math.round(value * 100) })
  const label = zoom === 'fit' ? t('transport.fit') : percent(zoom)
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          className="chip transport-zoom"
          aria-label={t('transport.zoom', { zoom: label })}
        >
          {label}
        </button>
      }
      entries={[
        { label: t('transport.fit'), onSelect: () => set({ viewerZoom: 'fit' }) },
        'line',
        ...ZOOMS.map((value) => ({
          label: percent(value),
          onSelect: () => set({ viewerZoom: value }),
        })),
      ]}
    />
  )
}
