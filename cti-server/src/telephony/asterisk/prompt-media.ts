/** Where the spoken sentences lie among Asterisk's sounds. */
import type { Prompt, PromptLanguage, PromptName } from '../port.ts';

const fileNames: Record<PromptName, string> = {
  welcome: 'welcome',
  allAgentsBusy: 'all-agents-busy',
  youAreNext: 'you-are-next',
  yourPositionIs: 'your-position-is',
  numberNotInService: 'number-not-in-service',
  closedNow: 'closed-now',
  callLater: 'call-later',
  leaveMessage: 'leave-message',
  weCallBack: 'we-call-back',
  waitIsAboutAMinute: 'wait-is-about-a-minute',
  waitIsAbout: 'wait-is-about',
  waitIsMoreThan: 'wait-is-more-than',
  minutes: 'minutes',
  demoCaller: 'demo-caller',
};

export function mediaOf(prompt: Exclude<Prompt, { kind: 'sound' }>, language: PromptLanguage): string {
  if (prompt.kind === 'ringing') return 'tone:ring';
  const folder = `sound:centralita/${language}`;
  return prompt.kind === 'sentence' ? `${folder}/${fileNames[prompt.name]}` : `${folder}/numbers/${prompt.value}`;
}
