/** Where calling from a telephone field takes its place. While nothing dials, numbers are shown and copied only. */
export const clickToCall = $state<{ dial: ((number: string) => void) | null }>({ dial: null });
