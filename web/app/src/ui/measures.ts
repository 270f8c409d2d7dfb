// Sizes that more than one part of a page reckons with, in pixels.

/** The height of what stays at the top of every screen. */
export const HEADER = 56;
