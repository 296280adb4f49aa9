/** What is known about the person behind a number that is dialled. */
export interface DialAbout {
  customerId?: string;
  /** The callback that this call keeps. */
  callbackId?: string;
  /** Which of our numbers is shown. */
  callerNumberId?: string;
}

/** Where calling from a telephone field takes its place. While nothing dials, numbers are shown and copied only. */
export const clickToCall = $state<{ dial: ((number: string, about?: DialAbout) => void) | null }>({ dial: null });
