/** What is known already about a callback that is to be made. */
export interface CallbackAbout {
  number?: string;
  customerId?: string | null;
  contactName?: string;
  queueId?: string | null;
  /** The call during or after which it was promised. */
  sourceCallId?: string | null;
  note?: string;
}

/** The dialog for a new callback, opened from anywhere: the list, a customer, after-call work, a voicemail. */
class CallbackDialogStore {
  about = $state.raw<CallbackAbout | null>(null);
  /** Counts up with each that was made, so that lists know when to read again. */
  made = $state(0);
  open(about: CallbackAbout = {}): void {
    this.about = about;
  }
  close(): void {
    this.about = null;
  }
}

export const callbackDialog = new CallbackDialogStore();
