/** Grows with each merge and each undone one, so that a card which shows one of the two looks again. */
class Joined {
  round = $state(0);
}
export const joined = new Joined();
