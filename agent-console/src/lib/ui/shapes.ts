/** The look of everything one types or chooses in. */
export const inputShape =
  'h-8 w-full min-w-0 rounded-lg border border-line-strong/80 bg-raised px-2.5 text-sm text-ink transition-colors duration-100 ' +
  'hover:border-line-strong focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent ' +
  'aria-invalid:border-missed disabled:opacity-50';

export const areaShape = inputShape.replace('h-8', 'min-h-20').replace('px-2.5', 'px-2.5 py-1.5') + ' resize-y leading-5';

/** A white sheet with a thin line: the one container of the console. */
export const panelShape = 'rounded-xl border border-line bg-surface';

export const menuShape = 'z-50 min-w-48 rounded-xl border border-line bg-raised p-1 shadow-float outline-none animate-appear';
export const menuItemShape =
  'flex h-8 cursor-default items-center gap-2 rounded-md px-2 text-sm text-ink select-none outline-none data-highlighted:bg-hover data-[disabled]:opacity-45 [&_svg]:text-ink-faint';
