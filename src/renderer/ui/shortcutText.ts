import type { TFunction } from 'i18next'

const apple = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Keys of the key map as this computer's keyboard names them: `Mod+Shift+Z` -> `Ctrl+Shift+Z` or `⇧⌘Z`. */
export function shortcutText(keys: string, t: TFunction, onApple: boolean = apple()): string {
  const parts = keys.split('+').map((part) => {
    switch (part) {
      case 'Mod':
        return onApple ? '⌘' : t('key.ctrl')
      case 'Shift':
        return onApple ? '⇧' : t('key.shift')
      case 'Space':
        return t('key.space')
      case 'Enter':
        return onApple ? '↩' : t('key.enter')
      case 'Escape':
        return t('key.escape')
      case 'Delete':
        return onApple ? '⌫' : t('key.delete')
      case 'Home':
        return t('key.home')
      case 'End':
        return t('key.end')
      case 'ArrowLeft':
        return '←'
      case 'ArrowRight':
        return '→'
      case 'ArrowUp':
        return '↑'
      case 'ArrowDown':
        return '↓'
      default:
        return part
    }
  })
  return parts.join(onApple ? '' : '+')
}
