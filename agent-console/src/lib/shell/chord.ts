/** The chord of a key press in our spelling. Letters and digits by their place on the keyboard, so that a Chinese input method does not hide them. */
export function chordOf(event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'>): string {
  const printed = /^(?:Key([A-Z])|(?:Digit|Numpad)(\d))$/.exec(event.code);
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  const key = modified ? (printed?.[1] ?? printed?.[2] ?? event.key) : event.key;
  return [event.ctrlKey ? 'Ctrl' : '', event.metaKey ? 'Meta' : '', event.altKey ? 'Alt' : '', event.shiftKey && modified ? 'Shift' : '', key].filter((part) => part !== '').join('+');
}
