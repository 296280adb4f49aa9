import type { Attachment } from 'svelte/attachments';

/**
 * Shows an element over everything else, at the place of another one, and keeps it there while the page scrolls. Lists and dialogs cut off or move
 * what lies inside them; the browser's top layer knows neither.
 */
export function floatingAt(anchor: () => HTMLElement | null, how: 'below' | 'over', leastWidth = 0): Attachment<HTMLElement> {
  return (element) => {
    element.popover = 'manual';
    element.showPopover();
    const place = (): void => {
      const at = anchor()?.getBoundingClientRect();
      if (at === undefined) return;
      const width = Math.min(Math.max(at.width, leastWidth), innerWidth - 16);
      const left = Math.max(8, Math.min(at.left, innerWidth - width - 8));
      const height = element.offsetHeight;
      const under = how === 'below' ? at.bottom + 4 : at.top - 2;
      const top = under + height > innerHeight - 8 ? Math.max(8, (how === 'below' ? at.top - 4 : at.bottom) - height) : under;
      Object.assign(element.style, { position: 'fixed', inset: 'auto', margin: '0', left: `${String(left)}px`, top: `${String(top)}px`, width: `${String(width)}px` });
    };
    place();
    const grown = new ResizeObserver(place);
    grown.observe(element);
    window.addEventListener('scroll', place, { capture: true, passive: true });
    window.addEventListener('resize', place);
    return () => {
      grown.disconnect();
      window.removeEventListener('scroll', place, { capture: true });
      window.removeEventListener('resize', place);
    };
  };
}
