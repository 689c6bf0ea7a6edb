import { create } from 'zustand'

/** Whether the page can hear its host; only ever `false` in a browser whose server went away. */
export const useConnection = create<{ readonly connected: boolean }>()(() => ({ connected: true }))
