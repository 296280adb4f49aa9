/** Whether the menu of states is open: the keyboard opens it too. */
export const stateMenu = $state({ open: false });
