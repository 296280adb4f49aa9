/** What may be dialled. A switch's dialling string is a language of its own: what is more than an address could say something else in it. */
export const isEndpointName = (text: string): boolean => /^[A-Za-z0-9_-]{1,64}$/.test(text);
/** A name of a file at the switch, and nothing that leads out of its folder. */
export const isRecordingName = (text: string): boolean => /^[A-Za-z0-9-]{1,100}$/.test(text);
export const isTelephoneNumber = (text: string): boolean => /^\+?\d{1,32}$/.test(text);
