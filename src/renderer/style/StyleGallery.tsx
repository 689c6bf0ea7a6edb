import { ImagePlus } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import { useEffect, useState } from 'react'
import type { DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Input } from '../../shared/contract/api.js'
import { SHIPPED_STYLES, shippedStyle, shippedStylePath } from '../../shared/style.js'
import type { StyleRef } from '../../shared/style.js'
import { bridge } from '../bridge/index.js'
import { choosePicture, hostPath } from '../state/importing.js'
import { showError } from '../state/toasts.js'
import { Button } from '../ui/Button.js'
import { shippedPicture } from './shippedPictures.js'

/** The pictures to paint by: those that come with the app, then the person's own. */
export function StyleGallery({
  chosen,
  onChoose,
}: {
  readonly chosen: StyleRef | null
  readonly onChoose: (style: StyleRef) => void
}) {
  const { t } = useTranslation()
  const [own, setOwn] = useState<readonly StyleRef[]>([])
  const [busy, setBusy] = useState(false)
  const [over, setOver] = useState(false)
  useEffect(() => {
    bridge.call('style.list', {}).then(setOwn, showError)
  }, [])

  const add = async (picture: Input<'style.add'>): Promise<void> => {
    setBusy(true)
    try {
      const style = await bridge.call('style.add', picture)
      onChoose(style)
      setOwn(await bridge.call('style.list', {}))
    } catch (thrown) {
      showError(thrown)
    } finally {
      setBusy(false)
    }
  }
  const addChosen = async (): Promise<void> => {
    const path = await choosePicture()
    if (path !== null) await add({ path })
  }
  const drop = async (event: DragEvent): Promise<void> => {
    const [file] = [...event.dataTransfer.files]
    if (file === undefined) return
    // Not for the window, which would import it as a clip.
    event.preventDefault()
    event.stopPropagation()
    setOver(false)
    const path = await hostPath(file)
    if (path !== null) await add({ path })
  }
  const pick = (path: string): void => {
    const shipped = SHIPPED_STYLES.find((name) => shippedStylePath(name) === path)
    if (shipped !== undefined) return void add({ shipped })
    const style = own.find((one) => one.path === path)
    if (style !== undefined) onChoose(style)
  }
  // One that was chosen and whose file is gone still has its place.
  const isListed = chosen === null || shippedStyle(chosen) !== null
  const lost = isListed || own.some(({ path }) => path === chosen.path) ? [] : [chosen]

  return (
    <div
      className={over ? 'style-drop style-over' : 'style-drop'}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event).catch(showError)}
    >
      <RadioGroup.Root
        className="style-gallery"
        aria-label={t('style.gallery')}
        value={chosen?.path ?? ''}
        onValueChange={pick}
        loop={false}
      >
        {SHIPPED_STYLES.map((name) => (
          <Swatch
            key={name}
            path={shippedStylePath(name)}
            source={shippedPicture(name)}
            label={t(`style.shipped.${name}`)}
          />
        ))}
        {[...own, ...lost].map(({ name, path }) => (
          <Swatch key={path} path={path} source={bridge.mediaUrl(path)} label={name} />
        ))}
      </RadioGroup.Root>
      <Button
        className="wide"
        icon={<ImagePlus aria-hidden />}
        disabled={busy}
        onClick={() => void addChosen().catch(showError)}
      >
        {busy ? t('style.adding') : t('style.add')}
      </Button>
    </div>
  )
}

function Swatch({
  path,
  source,
  label,
}: {
  readonly path: string
  readonly source: string
  readonly label: string
}) {
  return (
    <RadioGroup.Item value={path} className="style-swatch" aria-label={label} title={label}>
      <img src={source} alt="" loading="lazy" />
      <span className="style-name">{label}</span>
    </RadioGroup.Item>
  )
}
