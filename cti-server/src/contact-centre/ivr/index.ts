export {
  enterFlow,
  flowDueAtMs,
  nextInFlow,
  type FlowCallerFacts,
  type FlowEffect,
  type FlowEvent,
  type FlowExit,
  type FlowFacts,
  type FlowPosition,
  type FlowStep,
  type FlowSurroundings,
  type FlowTrailStep,
  type RunningFlow,
} from '../../contracts/index.ts';
export { createIvr, type Ivr, type IvrOptions } from './ivr.ts';
export { insertDemoFlow, publishDemoFlow } from './demo-flow.ts';
