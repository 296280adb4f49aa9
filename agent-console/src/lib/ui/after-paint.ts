/**
 * Runs `action` once what the page holds now has been painted: work that can wait must not keep the frame waiting. A hidden page paints
 * nothing; there it runs at once.
 */
export function afterPaint(action: () => void): void {
  if (document.visibilityState === 'hidden') action();
  else requestAnimationFrame(() => setTimeout(action));
}
