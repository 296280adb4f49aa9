export { createTimeline, type EarlierNote, type RecordedCall, type RecordedTicket, type Timeline } from './timeline.service.ts';
