/** Whether the dialog with the check of microphone, speaker and line is open. */
export const soundCheck = $state({ open: false });
