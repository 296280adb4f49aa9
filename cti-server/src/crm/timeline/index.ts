export { createTimeline, type RecordedCall, type RecordedTicket, type Timeline } from './timeline.service.ts';
