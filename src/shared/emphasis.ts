/** By how much more colours and directions are exaggerated than the rest, where nothing else is asked for. */
export const USUAL_EMPHASIS = 4
export const MOST_EMPHASIS = 8
