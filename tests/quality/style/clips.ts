/** Clips that styles and colours are measured on, each with the frame it begins at. */
export const STYLE_CLIPS = {
  /** The style network was trained on none; chosen before the first run was looked at. */
  heldOut: [
    ['demo/bee_480p16', 20],
    ['train/video/openshot_marathon', 40],
    ['train/video/sb_city_aerial', 100],
    ['train/video/imageio_cockatoo', 120],
    ['train/video/sam2_bedroom', 60],
    ['train/video/vide_ocean', 80],
  ],
  tuning: [
    ['demo/flower_480p16', 20],
    ['demo/bottles_360p16', 20],
    ['train/video/openshot_seattle', 100],
    ['train/video/forensics_dog', 10],
    ['train/video/sam2_cups', 60],
    ['train/video/cisco_redtree', 20],
  ],
} as const
