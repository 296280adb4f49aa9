/** What may lie over the screen, opened by keys and by menus alike. */
export const overlays = $state({ palette: false, shortcuts: false, password: false });
