/** What the conformance suite needs of the world around a line: people who ring, phones that ring, and bad days. */
import type { Outcome, TelephonyPort } from './port.ts';

export interface CallerInTheWorld {
  hangUp(): Promise<void>;
  press(digit: string): Promise<void>;
}

export type PhoneWay = 'answers' | 'refuses' | 'isBusy' | 'neverAnswers';

export interface ConformanceWorld {
  /** A new line to the same switch, not started. The suite stops it. */
  makeLine(): TelephonyPort;
  /** Somebody outside rings the number. */
  callerRings(fromNumber: string, fromName: string, toNumber: string): Promise<CallerInTheWorld>;
  /**
   * A phone registers with an account that the suite provisioned before, and from then on behaves this way. False: the switch did not
   * take the registration.
   */
  phoneRegisters(endpoint: string, password: string, way: PhoneWay): Promise<boolean>;
  /** Whoever picked up at that phone hangs up. */
  phoneHangsUp(endpoint: string): Promise<void>;
  /** Breaks the connection between line and switch until `mend`. */
  cut(): void;
  mend(): void;
  /** Makes the request, and breaks the connection after it left and before its answer came. */
  loseTheAnswerOf(request: () => Promise<Outcome>): Promise<Outcome>;
  /** Ends the switch without warning and starts it again. */
  restartSwitch(): Promise<void>;
  /** Ends every call and phone of the test that ran. */
  tidyUp(): Promise<void>;
  close(): Promise<void>;
}
