import { useTranslation } from 'react-i18next'
import { stylers, usePacks } from '../state/packs.js'
import { Segmented } from '../ui/Choice.js'
import type { StyleWay } from './switchStyle.js'

/** The ways to style a clip; in words only where a model pack can. */
export function StyleWays({
  value,
  onChange,
}: {
  readonly value: StyleWay
  readonly onChange: (to: StyleWay) => void
}) {
  const { t } = useTranslation()
  const able = usePacks((state) => stylers(state.list).length > 0)
  return (
    <Segmented
      label={t('style.mode')}
      value={value}
      options={[
        { value: 'network', label: t('style.everyFrame'), hint: t('style.everyFrameHint') },
        { value: 'keyframe', label: t('style.keyFrames'), hint: t('style.keyFramesHint') },
        ...(able || value === 'words'
          ? [{ value: 'words', label: t('style.inWords'), hint: t('style.inWordsHint') } as const]
          : []),
      ]}
      onChange={onChange}
    />
  )
}
