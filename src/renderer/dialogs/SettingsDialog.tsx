import { useTranslation } from 'react-i18next'
import { LANGUAGES, languageFor } from '../i18n/index.js'
import { useEditor } from '../state/editor.js'
import { THEMES, applyPreferences } from '../state/preferences.js'
import { Segmented, Select } from '../ui/Choice.js'
import { ModalDialog } from '../ui/Dialog.js'

export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const theme = useEditor((state) => state.theme)
  return (
    <ModalDialog title={t('settings.title')} width="small" onClose={onClose}>
      <Segmented
        label={t('settings.theme')}
        value={theme}
        options={THEMES.map((value) => ({ value, label: t(`settings.themes.${value}`) }))}
        onChange={(next) => void applyPreferences({ theme: next })}
      />
      <Select
        label={t('settings.language')}
        value={languageFor(i18n.language)}
        options={LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))}
        onChange={(language) => void applyPreferences({ language })}
      />
    </ModalDialog>
  )
}
