import { useTranslation } from 'react-i18next'
import { KEY_GROUPS, SHORTCUTS } from '../keymap.js'
import { ModalDialog } from '../ui/Dialog.js'
import { shortcutText } from '../ui/shortcutText.js'

export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <ModalDialog title={t('shortcuts.title')} width="large" onClose={onClose}>
      <div className="shortcuts">
        {KEY_GROUPS.map((group) => (
          <section key={group} aria-labelledby={`keys-${group}`}>
            <h3 id={`keys-${group}`} className="shortcuts-group">
              {t(`shortcuts.groups.${group}`)}
            </h3>
            <dl>
              {SHORTCUTS.filter((shortcut) => shortcut.group === group).map((shortcut) => (
                <div key={shortcut.label} className="shortcut">
                  <dt>{t(shortcut.label)}</dt>
                  <dd>
                    {(shortcut.display ?? shortcut.bindings.map(({ keys }) => keys)).map((keys) => (
                      <kbd key={keys} className="key">
                        {shortcutText(keys, t)}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="hint">{t('shortcuts.note')}</p>
    </ModalDialog>
  )
}
