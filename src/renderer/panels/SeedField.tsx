import { Dices } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../ui/Button.js'
import { TextField } from '../ui/TextField.js'

/** The largest seed that a document holds. */
const LARGEST = 0xffff_ffff

/** The number that decides what is invented, with a button for another one. */
export function SeedField({
  value,
  onChange,
}: {
  readonly value: number
  readonly onChange: (value: number) => void
}) {
  const { t } = useTranslation()
  return (
    <TextField
      label={t('remove.seed')}
      hint={t('remove.seedHint')}
      mono
      value={String(value)}
      onChange={(text) => onChange(Math.min(LARGEST, Number(text.replace(/\D/g, ''))))}
      after={
        <IconButton
          label={t('remove.newSeed')}
          onClick={() => onChange(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0)}
        >
          <Dices />
        </IconButton>
      }
    />
  )
}
