import { create } from 'zustand'
import type { AppInfo } from '../../shared/contract/api.js'

/** What the host said about itself at start-up; null until then. */
export const useApp = create<{ readonly info: AppInfo | null }>()(() => ({ info: null }))
