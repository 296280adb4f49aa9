/** What a field for date and time holds: the reader's own time without a zone. */
export function forInput(instant: unknown): string {
  if (typeof instant !== 'string') return '';
  const at = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The instant that was meant; null for none. */
export function fromInput(local: string): string | null {
  const at = local === '' ? Number.NaN : new Date(local).getTime();
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
