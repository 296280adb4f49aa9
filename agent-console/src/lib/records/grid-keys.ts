/** Where in a grid: row and column from zero; row -1 is the heading. */
export interface Place {
  row: number;
  column: number;
}

export interface GridSize {
  rows: number;
  columns: number;
  /** Rows in sight. */
  page: number;
}

/** Where a key leads, or null when the key is not one that moves. */
export function placeAfter(key: string, at: Place, size: GridSize, control = false): Place | null {
  const within = (row: number, column: number): Place => ({
    row: Math.min(Math.max(row, -1), size.rows - 1),
    column: Math.min(Math.max(column, 0), size.columns - 1),
  });
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return within(at.row + 1, at.column);
    case 'ArrowUp':
    case 'k':
      return within(at.row - 1, at.column);
    case 'ArrowRight':
      return within(at.row, at.column + 1);
    case 'ArrowLeft':
      return within(at.row, at.column - 1);
    case 'PageDown':
      return within(at.row + size.page, at.column);
    case 'PageUp':
      return within(Math.max(0, at.row - size.page), at.column);
    case 'Home':
      return control ? within(0, 0) : within(at.row, 0);
    case 'End':
      return control ? within(size.rows - 1, size.columns - 1) : within(at.row, size.columns - 1);
    default:
      return null;
  }
}

/** The next cell that can be edited, over the ends of rows; null where there is none. */
export function nextEditable(at: Place, rows: number, columns: number, backwards: boolean, editable: (place: Place) => boolean): Place | null {
  const step = backwards ? -1 : 1;
  for (let index = at.row * columns + at.column + step; index >= 0 && index < rows * columns; index += step) {
    const place = { row: Math.floor(index / columns), column: index % columns };
    if (editable(place)) return place;
  }
  return null;
}

/** What is chosen after a click with Shift: all rows from the last one clicked to this one join. */
export function rangeOf(ids: readonly string[], from: number, to: number): string[] {
  return ids.slice(Math.min(from, to), Math.max(from, to) + 1);
}
