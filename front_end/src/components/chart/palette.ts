// Lines of a chart, up to the eight runs that can be compared. Each has a contrast of 3 or more with its background,
// and neighbours differ in lightness too, for those who cannot tell the hues apart.
const LIGHT = ['#0f6478', '#c2571a', '#6a3fa0', '#237a3b', '#b3246b', '#7a5c00', '#2456c7', '#555f69'];
const DARK = ['#4fb8d0', '#f0955a', '#b79be6', '#6cc486', '#ef86b8', '#d8b84a', '#86a9f5', '#aab6c2'];

/** The colour of a chart's line on a light or dark background. */
export function lineColour(index: number, scheme: 'light' | 'dark'): string {
  const palette = scheme === 'dark' ? DARK : LIGHT;
  return palette[index % palette.length] ?? '#888888';
}
