"""A network that follows a painted mask through a clip: what the tracker without a network is to be measured against.

Every frame is read from memory (its 8x8 cells ask, by keys of 64 numbers, the cells of the painted
frame and of the last frames what they were), and a small decoder draws the outline from finer
layers by what was read. After STCN (Cheng et al., "Rethinking Space-Time Networks with Improved
Memory Coverage", 2021) and XMem (Cheng and Schwing, 2022), at a fiftieth of their multiplications
and without a trunk that others have trained.

`pictures` what is learned from, `flow` `shapes` `scenes` clips of known masks made of it, `network`,
`losses`, `train`, `follow` a mask through a clip, `evaluate` on the drawn masks, `export`.
"""
