import { Columns2, Ellipsis, Film, Layers2, ListPlus, Plus, Trash2, X } from 'lucide-react'
import { memo, useState } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { frameToSeconds } from '../../shared/rational.js'
import { isImagined } from '../../shared/document/made.js'
import type { AssetRec, MediaNote } from '../../shared/document/model.js'
import { hdrName, isTransparent } from '../../shared/pixelFormat.js'
import { compareMade } from '../compare/comparing.js'
import { madeClips } from '../compare/pair.js'
import { placeAsset, placeOverlay } from '../state/actions.js'
import { importChosen, useUploads } from '../state/importing.js'
import { isKind, isLive, useJobs } from '../state/jobs.js'
import { useProject } from '../state/project.js'
import { Button, IconButton } from '../ui/Button.js'
import { ConfirmDialog } from '../ui/Dialog.js'
import { useFormat } from '../ui/format.js'
import type { Format } from '../ui/format.js'
import { Menu } from '../ui/Menu.js'
import { Progress } from '../ui/Progress.js'
import { EditableName } from '../ui/TextField.js'
import { Filmstrip } from './Filmstrip.js'
import { fileName, jobShare } from './jobText.js'
import { mediaOf } from './mediaOrder.js'

/** The project's media: what is there, what is on its way, and the way in. */
export function MediaPanel() {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const assets = doc === null ? [] : mediaOf(doc)
  const coming = useComing()
  return (
    <div className="scroll media">
      <Button icon={<Plus />} className="wide" onClick={() => void importChosen()}>
        {t('media.import')}
      </Button>
      {assets.length === 0 && coming.length === 0 && (
        <div className="drop-zone">
          <Film aria-hidden />
          <p>{t('media.empty')}</p>
          <p className="hint">{t('media.dropHint')}</p>
        </div>
      )}
      <ul className="cards">
        {coming.map((entry) => (
          <ComingCard key={entry.id} {...entry} />
        ))}
        {assets.map((asset) => (
          <AssetCard key={asset.id} asset={asset} />
        ))}
      </ul>
    </div>
  )
}

interface Coming {
  readonly id: string
  readonly title: string
  readonly phase: string | null
  readonly share: number | null
  readonly jobId: string | null
}

/** Uploads and import jobs under way. */
function useComing(): Coming[] {
  const { t } = useTranslation()
  const uploads = useUploads((state) => state.uploads)
  const jobs = useJobs((state) => state.jobs)
  return [
    ...uploads.map(({ id, name, share }) => ({
      id: `upload-${id}`,
      title: t('media.uploading', { name }),
      phase: null,
      share,
      jobId: null,
    })),
    ...jobs.flatMap((job) =>
      isKind(job, 'import') && isLive(job)
        ? [
            {
              id: job.id,
              title: t('media.importing', { name: job.input.name ?? fileName(job.input.path) }),
              phase: t(`jobs.phase.${job.progress.phase}`),
              share: jobShare(job),
              jobId: job.id,
            },
          ]
        : [],
    ),
  ]
}

function ComingCard({ title, phase, share, jobId }: Omit<Coming, 'id'>) {
  const { t } = useTranslation()
  const cancel = useJobs((state) => state.cancel)
  return (
    <li className="card card-coming">
      <div className="card-line">
        <span className="card-name">{title}</span>
        {jobId !== null && (
          <IconButton label={t('jobs.cancel')} onClick={() => void cancel(jobId)}>
            <X />
          </IconButton>
        )}
      </div>
      <Progress label={title} share={share} />
      {phase !== null && <p className="hint">{phase}</p>}
    </li>
  )
}

const AssetCard = memo(function AssetCard({ asset }: { readonly asset: AssetRec }) {
  const { t } = useTranslation()
  const format = useFormat()
  const dispatch = useProject((state) => state.dispatch)
  const preparing = useProject((state) => state.preparing.includes(asset.id))
  const comparable = useProject(({ doc }) => doc !== null && madeClips(doc).length > 1)
  const [asking, setAsking] = useState(false)
  const { info } = asset
  const seconds = frameToSeconds(info.frames, info.fps)
  const transparent = isTransparent(info.pixelFormat)
  return (
    <li className="card">
      <Filmstrip asset={asset} ready={!preparing} />
      {isImagined(asset) && <span className="badge card-badge">{t('takes.ai')}</span>}
      <div className="card-line">
        <EditableName
          className="card-name"
          label={t('media.name')}
          value={asset.name}
          maxLength={255}
          onChange={(name) => void dispatch([{ type: 'asset.rename', id: asset.id, name }])}
        />
        <Menu
          align="end"
          trigger={
            <IconButton label={t('media.more', { name: asset.name })}>
              <Ellipsis />
            </IconButton>
          }
          entries={[
            {
              label: t('media.place'),
              icon: <ListPlus />,
              onSelect: () => placeAsset(asset),
            },
            {
              label: t('media.placeOverlay'),
              icon: <Layers2 />,
              onSelect: () => placeOverlay(asset),
            },
            ...(isImagined(asset) && comparable
              ? [
                  {
                    label: t('pair.start'),
                    icon: <Columns2 />,
                    onSelect: () => compareMade(asset.id),
                  },
                ]
              : []),
            {
              label: t('media.remove'),
              icon: <Trash2 />,
              danger: true,
              onSelect: () => setAsking(true),
            },
          ]}
        />
      </div>
      <p className="card-facts">
        {info.kind === 'image' ? (
          <span>{t('media.still')}</span>
        ) : (
          <>
            <span>{format.duration(seconds)}</span>
            <span>{t('common.fps', { value: format.fps(info.fps) })}</span>
          </>
        )}
        <span>{t('common.size', { width: info.width, height: info.height })}</span>
        <span>{format.bytes(asset.bytes)}</span>
      </p>
      {preparing && <p className="hint">{t('media.preparing')}</p>}
      {(transparent || info.notes.length > 0) && (
        <ul className="notes">
          {transparent && <li>{t('note.transparent')}</li>}
          {info.notes.map((note) => (
            <li key={note.kind}>{noteText(note, t, format)}</li>
          ))}
        </ul>
      )}
      {asking && (
        <ConfirmDialog
          title={t('media.removeTitle', { name: asset.name })}
          body={t('media.removeBody')}
          confirm={t('media.remove')}
          onAnswer={(confirmed) => {
            setAsking(false)
            if (confirmed) void dispatch([{ type: 'asset.remove', id: asset.id }])
          }}
        />
      )}
    </li>
  )
})

type Translate = TFunction

/** Why a file is not used byte for byte as it is, in plain words. */
function noteText(note: MediaNote, t: Translate, format: Format): string {
  switch (note.kind) {
    case 'variable-rate':
      return t('note.variable-rate', { fps: format.fps(note.fps) })
    case 'rotated':
      return t('note.rotated', { degrees: note.degrees })
    case 'high-bit-depth':
      return t('note.high-bit-depth', { bits: note.bits })
    case 'hdr':
      return t('note.hdr', { name: hdrName(note.transfer) })
    case 'odd-size':
      return t('note.odd-size', { width: note.width, height: note.height })
    case 'anamorphic':
      return t('note.anamorphic', { width: note.width, height: note.height })
    case 'transparent':
    case 'no-audio':
    case 'interlaced':
      return t(`note.${note.kind}`)
  }
}
