/** What the agent has opened on the desk. Not the truth of any call: only which part of the screen shows what. */
class DeskView {
  keypad = $state(false);
  /** The small form at the customer's side. */
  form = $state<'ticket' | 'createCustomer' | 'linkCustomer' | null>(null);
  /** A wrap-up of an earlier call that is shown in the middle. */
  pendingCallId = $state<string | null>(null);
  /** Set to move the cursor into the notes. */
  notesWanted = $state(0);
}

export const deskView = new DeskView();
