import { Brush, Palette, Trash2 } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Command } from '../../shared/document/commands.js'
import { recordOf } from '../../shared/document/model.js'
import type { EditParams } from '../../shared/edit/operations.js'
import { parsePrompt } from '../../shared/edit/parse.js'
import type { ParsedPrompt } from '../../shared/edit/parsed.js'
import { ForecastView } from '../panels/ForecastView.js'
import { JobProgress } from '../panels/JobProgress.js'
import { RangeChoice } from '../panels/RangeChoice.js'
import { StoppedWork } from '../panels/StoppedWork.js'
import { runInHand } from '../state/actions.js'
import { useEditor } from '../state/editor.js'
import type { EditFocus } from '../state/focus.js'
import { useRunForecast } from '../state/forecast.js'
import { isKind, isLive, useJobs } from '../state/jobs.js'
import { useProject } from '../state/project.js'
import { Button, Hint, IconButton } from '../ui/Button.js'
import { Switch } from '../ui/Choice.js'
import { Section } from '../ui/Section.js'
import { MatchPicture } from './MatchPicture.js'
import { OperationList } from './OperationList.js'
import { deriveOperations, leftOut, subjectToPaint, turnedMask } from './operations.js'
import { PromptField } from './PromptField.js'
import { RetimeRemark } from './RetimeRemark.js'
import { Region, confineToMask } from './Region.js'
import { StillMask } from './StillMask.js'
import { useSubjects } from './subjects.js'
import './edit.css'

/** Milliseconds after the last key before the words are read into sliders. */
const READ_AFTER = 250

/** The verb Edit: words, what they mean as sliders, where, and its progress. */
export function EditPanel({ focus }: { readonly focus: EditFocus }) {
  const { t, i18n } = useTranslation()
  const dispatch = useProject((state) => state.dispatch)
  const setEditor = useEditor((state) => state.set)
  const { segment, asset } = focus
  const { params } = segment
  const [draft, setDraft] = useState<string | null>(null)
  const prompt = draft ?? params.prompt
  const language = i18n.language.startsWith('it') ? 'it' : 'en'
  const parsed = useMemo(() => parsePrompt(prompt, language), [prompt, language])
  const job = useJobs((state) =>
    state.jobs.findLast(
      (one) => isKind(one, 'edit') && isLive(one) && one.input.segmentId === segment.id,
    ),
  )
  const hasTake = useProject((state) =>
    Object.values(state.doc?.records ?? {}).some(
      (record) => record.type === 'take' && record.segmentId === segment.id,
    ),
  )

  const change = (
    changes: Partial<EditParams>,
    gesture?: string,
    also: Command | null = null,
  ): void => {
    void dispatch(
      [
        { type: 'segment.update', id: segment.id, changes: { params: changes } },
        ...(also === null ? [] : [also]),
      ],
      gesture === undefined ? {} : { gesture },
    )
    setEditor({ previewEditId: segment.id, auditionTakeId: null })
  }
  const range = { from: segment.from, to: segment.to, fps: asset.info.fps }
  const { outside } = deriveOperations(parsed, range, params)
  const isSet = params.operations.length > 0
  const needsMask = subjectToPaint(parsed) !== null || leftOut(parsed) !== null
  const isPlaced = segment.maskId !== null || !needsMask
  const own = segment.maskId === null ? undefined : focus.mask
  const forecast = useRunForecast(segment, own, isSet && job === undefined)
  // Then the way to go on is told above.
  const goesOn = forecast.status === 'known' && forecast.forecast.goesOn !== undefined

  const save = useRef<() => void>(() => undefined)
  useEffect(() => {
    save.current = () => {
      if (draft === null || draft === params.prompt) return
      const { operations } = deriveOperations(parsed, range, params)
      const turned = turnedMask(own, parsePrompt(params.prompt, language), parsed)
      change({ prompt: draft, operations }, `edit-prompt-${segment.id}`, turned)
    }
  })
  useEffect(() => {
    const timer = setTimeout(() => {
      save.current()
    }, READ_AFTER)
    return () => clearTimeout(timer)
  }, [draft])
  // An undo of the words shows the words as they were.
  useEffect(() => setDraft(null), [params.prompt])

  const run = (): void => {
    // Words that were written just now count.
    save.current()
    const { doc } = useProject.getState()
    const kept = doc === null ? undefined : recordOf(doc, 'segment', segment.id)
    if (isPlaced && kept?.verb === 'edit' && kept.params.operations.length > 0) void runInHand()
  }

  return (
    <Section
      title={t('edit.title')}
      actions={
        <IconButton
          label={t('edit.delete')}
          onClick={() => void dispatch([{ type: 'segment.remove', id: segment.id }])}
        >
          <Trash2 />
        </IconButton>
      }
    >
      {job ? (
        <JobProgress job={job} />
      ) : (
        <>
          <StoppedWork segment={segment} forecast={forecast} />
          <PromptField value={prompt} parsed={parsed} onChange={setDraft} onRun={run} />
          <Remarks prompt={prompt} parsed={parsed} focus={focus} />
          {outside.map(({ span }) => (
            <p key={span.start} className="callout">
              {t('edit.outside', { words: prompt.slice(span.start, span.end) })}
            </p>
          ))}
          {isSet && (
            <OperationList
              operations={params.operations}
              onChange={(operations, gesture) => change({ operations }, gesture)}
            />
          )}
          <MatchPicture
            focus={focus}
            onMatch={(operation) => {
              const words = params.operations.filter(({ kind }) => kind !== 'match')
              change({ operations: [operation, ...words] })
            }}
          />
          <Region
            focus={focus}
            inverted={leftOut(parsed) !== null}
            onFeather={(feather, gesture) => change({ feather }, gesture)}
          />
          <StillMask focus={focus} />
          <RangeChoice
            focus={focus}
            onChange={(next) => {
              const { operations } = deriveOperations(
                parsed,
                { ...next, fps: asset.info.fps },
                params,
              )
              const changes = { ...next, params: { operations } }
              void dispatch([{ type: 'segment.update', id: segment.id, changes }])
            }}
          />
          <PreviewSwitch segmentId={segment.id} />
          {isSet && isPlaced && <ForecastView state={forecast} />}
          {!goesOn && (
            <Hint label={t('shortcuts.run')} shortcut="Mod+Enter" side="left">
              <Button
                variant="primary"
                className="wide tall"
                icon={<Palette aria-hidden />}
                disabled={!isSet || !isPlaced}
                onClick={run}
              >
                {hasTake ? t('edit.applyAgain') : t('edit.apply')}
              </Button>
            </Hint>
          )}
        </>
      )}
    </Section>
  )
}

/** What was not turned into a slider, and why. */
function Remarks({
  prompt,
  parsed,
  focus,
}: {
  readonly prompt: string
  readonly parsed: ParsedPrompt
  readonly focus: EditFocus
}) {
  const { t } = useTranslation()
  const { operations, retimes, excluded } = parsed
  const written = prompt.trim() !== ''
  const subject = subjectToPaint(parsed)
  const thing = leftOut(parsed)
  return (
    <div role="status" className="edit-remarks">
      {written && operations.length + retimes.length === 0 && (
        <p className="callout">{t('edit.nothing')}</p>
      )}
      {retimes.length > 0 && <RetimeRemark parsed={parsed} focus={focus} />}
      {excluded.length > 0 && (
        <p className="hint">
          {t('edit.excluded', { list: excluded.map((kind) => t(`edit.kind.${kind}`)).join(', ') })}
        </p>
      )}
      {thing !== null && focus.segment.maskId === null && (
        <div className="callout">
          <p>{t('edit.leftOut', { thing })}</p>
          <Button
            icon={<Brush aria-hidden />}
            onClick={() => void confineToMask(focus, { inverted: true })}
          >
            {t('edit.paintIt')}
          </Button>
        </div>
      )}
      {thing !== null && focus.segment.maskId !== null && focus.mask?.inverted === true && (
        <p className="hint">{t('edit.leavesOut', { thing })}</p>
      )}
      {subject !== null && focus.segment.maskId === null && (
        <div className="callout">
          <p>{t('edit.subject', { subject })}</p>
          <Button icon={<Brush aria-hidden />} onClick={() => void confineToMask(focus)}>
            {t('edit.paintIt')}
          </Button>
        </div>
      )}
    </div>
  )
}

function PreviewSwitch({ segmentId }: { readonly segmentId: string }) {
  const { t } = useTranslation()
  const shown = useEditor((state) => state.previewEditId === segmentId)
  const measuring = useSubjects((state) => state.busy)
  const set = useEditor((state) => state.set)
  return (
    <>
      <Switch
        label={t('edit.preview')}
        checked={shown}
        onChange={(on) =>
          set(on ? { previewEditId: segmentId, auditionTakeId: null } : { previewEditId: null })
        }
      />
      {shown && measuring && (
        <p className="hint" role="status">
          {t('edit.measuring')}
        </p>
      )}
    </>
  )
}
