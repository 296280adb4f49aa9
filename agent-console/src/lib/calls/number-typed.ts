/** Whether what was typed into "whom to call" is a number rather than somebody's name: digits as people write them, at least two. */
export const looksLikeNumber = (typed: string): boolean => /^\+?[\d\s().\-/*#]{2,}$/.test(typed) && (typed.match(/\d/g)?.length ?? 0) >= 2;
